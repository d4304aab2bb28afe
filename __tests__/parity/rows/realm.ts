import { byDefault, dropped, same, section, type Row } from "../support/row.ts";
import { ONLY_REPOSITORY } from "./reasons.ts";

const PASSWORD_POLICY = "length(12) and upperCase(1) and lowerCase(1) and digits(1) and specialChars(1)";
const NO_IMPLICIT = "the implicit flow is refused, so no token lives by it";
const REMEMBER_ME = "goes with remember_me, which is not on";
const ENGLISH = "English is Keycloak's language as it is; internationalization is for a second one";

/** The realm's own settings. */
export const REALM: readonly Row[] = [
  ...section("article, Realm Configuration: keycloak_realm.mcp", "keycloak_realm", [
    same("realm", "mcp"),
    same("enabled", true),
    same("display_name", "MCP Authorization Server"),
    same("display_name_html", "<b>Model Context Protocol</b>"),
    same("access_token_lifespan", "1h"),
    same("sso_session_idle_timeout", "30m"),
    same("sso_session_max_lifespan", "10h"),
    same("offline_session_idle_timeout", "720h"),
    same("ssl_required", "external"),
    same("password_policy", PASSWORD_POLICY),
    ...headers(),
    ...bruteForce(),
    same("security_defenses.brute_force_detection.max_failure_wait_seconds", 900),
  ]),
  ...section(
    "mcp-oauth/mcp-realm.tf, keycloak_realm.mcp",
    "keycloak_realm",
    [
      same("realm", "mcp"),
      same("enabled", true),
      same("display_name", "MCP OAuth Realm"),
      same("display_name_html", "<b>MCP</b> OAuth Realm"),
      same("access_token_lifespan", "24h"),
      dropped("access_token_lifespan_for_implicit_flow", "24h", NO_IMPLICIT),
      same("sso_session_idle_timeout", "24h"),
      same("sso_session_max_lifespan", "24h"),
      same("offline_session_idle_timeout", "720h"),
      // Has no effect in theirs either: offline_session_max_lifespan_enabled is off.
      byDefault("offline_session_max_lifespan", "1440h"),
      same("ssl_required", "all"),
      byDefault("registration_allowed", false),
      byDefault("registration_email_as_username", false),
      dropped("remember_me", true, ONLY_REPOSITORY),
      byDefault("verify_email", false),
      byDefault("login_with_email_allowed", true),
      byDefault("duplicate_emails_allowed", false),
      dropped("reset_password_allowed", true, "without a mail server, which neither has, nobody gets the mail"),
      byDefault("edit_username_allowed", false),
      dropped("access_code_lifespan", "10m", ONLY_REPOSITORY),
      dropped("access_code_lifespan_user_action", "10m", ONLY_REPOSITORY),
      byDefault("action_token_generated_by_admin_lifespan", "12h"),
      byDefault("action_token_generated_by_user_lifespan", "5m"),
      byDefault("oauth2_device_code_lifespan", "10m"),
      byDefault("oauth2_device_polling_interval", 5),
      dropped("internationalization.supported_locales", ["en"], ENGLISH, "internationalization"),
      dropped("internationalization.default_locale", "en", ENGLISH, "internationalization"),
      ...headers(),
      ...bruteForce(),
      same("password_policy", `${PASSWORD_POLICY} and notUsername()`),
      same("revoke_refresh_token", true),
      same("refresh_token_max_reuse", 0),
      dropped("sso_session_idle_timeout_remember_me", "720h", REMEMBER_ME),
      dropped("sso_session_max_lifespan_remember_me", "2160h", REMEMBER_ME),
      byDefault("default_signature_algorithm", "RS256"),
    ],
    "repository",
  ),
];

function headers() {
  return Object.entries({
    x_frame_options: "DENY",
    content_security_policy: "frame-src 'self'; frame-ancestors 'self'; object-src 'none';",
    content_security_policy_report_only: "",
    x_content_type_options: "nosniff",
    x_robots_tag: "none",
    x_xss_protection: "1; mode=block",
    strict_transport_security: "max-age=31536000; includeSubDomains",
  }).map(([name, value]) => same(`security_defenses.headers.${name}`, value));
}

function bruteForce() {
  return Object.entries({
    permanent_lockout: false,
    max_login_failures: 5,
    wait_increment_seconds: 60,
    quick_login_check_milli_seconds: 1000,
    minimum_quick_login_wait_seconds: 60,
    failure_reset_time_seconds: 900,
  }).map(([name, value]) => same(`security_defenses.brute_force_detection.${name}`, value));
}
