import { byDefault, changed, dropped, Including, missing, same, sameAs, section, type Row } from "../support/row.ts";

const FILE = "mcp-oauth/mcp-client.tf";
const REDIRECT_URIS = [
  "http://localhost:3000/callback",
  "http://localhost:3000/",
  "http://localhost:3000/auth/callback",
];
const RESOURCE = "https://your-mcp-gateway.example.com/mcp";
const INHERITED = "a new client has the realm's lists of scopes, and needs none of its own";

/** The single-page application that is registered by hand. */
export const CLIENT: readonly Row[] = [
  ...section(
    `${FILE}, keycloak_openid_client.mcp_spa_client`,
    "keycloak_openid_client",
    [
      sameAs("realm_id", "keycloak_realm.mcp.id", "${keycloak_realm.realm.id}"),
      same("client_id", "mcp-spa-client"),
      same("name", "MCP SPA Client"),
      dropped("description", "MCP Single Page Application client with PKCE support", "the name says it"),
      same("access_type", "PUBLIC"),
      same("standard_flow_enabled", true),
      same("implicit_flow_enabled", false),
      same("direct_access_grants_enabled", false),
      same("service_accounts_enabled", false),
      changed(
        "valid_redirect_uris",
        [RESOURCE, ...REDIRECT_URIS],
        REDIRECT_URIS,
        "the MCP server is no page of the application, so no code is sent there",
      ),
      changed(
        "web_origins",
        [RESOURCE, "http://localhost:3000", "*"],
        ["http://localhost:3000"],
        "the origins of its redirect URIs; with * every page of the web could use a user's tokens",
      ),
      dropped("root_url", RESOURCE, "its redirect URIs are whole ones, with nothing to put before them"),
      same("pkce_code_challenge_method", "S256"),
      byDefault("oauth2_device_authorization_grant_enabled", false),
      dropped("oauth2_device_polling_interval", 5, "the device flow is off, in theirs as well"),
      byDefault("use_refresh_tokens", true),
      dropped(
        "backchannel_logout_session_required",
        false,
        "there is no backchannel_logout_url, in theirs neither, so nothing is sent",
      ),
      changed(
        "full_scope_allowed",
        true,
        false,
        "a token gets the roles of its scopes, and not all that the user has; self-registered clients are held to it too",
      ),
      byDefault("frontchannel_logout_enabled", false),
      byDefault("client_authenticator_type", "client-secret"),
      changed(
        "depends_on",
        ["keycloak_realm.mcp"],
        new Including("keycloak_realm_default_client_scopes.scopes/default"),
        "it waits for the lists of scopes that it inherits, which wait for the realm",
      ),
    ],
    "repository",
  ),
  ...missing(
    `${FILE}, keycloak_openid_client_default_scopes.mcp_client_default_scopes`,
    "keycloak_openid_client_default_scopes *",
    `${INHERITED}; openid is no scope of Keycloak, and with it the apply fails`,
    {
      realm_id: "keycloak_realm.mcp.id",
      client_id: "keycloak_openid_client.mcp_spa_client.id",
      default_scopes: ["openid", "profile", "email", "mcp:run", "offline_access"],
    },
    "repository",
  ),
  ...missing(
    `${FILE}, keycloak_openid_client_optional_scopes.mcp_client_optional_scopes`,
    "keycloak_openid_client_optional_scopes *",
    INHERITED,
    {
      realm_id: "keycloak_realm.mcp.id",
      client_id: "keycloak_openid_client.mcp_spa_client.id",
      optional_scopes: ["address", "phone", "microprofile-jwt"],
    },
    "repository",
  ),
];
