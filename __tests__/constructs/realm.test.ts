import { describe, expect, test } from "@jest/globals";
import { McpRealm } from "../../constructs/realm.ts";
import type { EnvironmentInput } from "../../environments/schema/index.ts";
import { realmDefinition } from "../../realm/definition.ts";
import { environment } from "../support/environment.ts";
import { synthConstruct } from "../support/template.ts";

function synth(changes: Partial<EnvironmentInput> = {}, deletionProtection = true) {
  const { realm: name, settings } = realmDefinition(environment(changes));
  return synthConstruct((scope) => new McpRealm(scope, "realm", { name, settings, deletionProtection }));
}

function realm(changes: Partial<EnvironmentInput> = {}, deletionProtection = true) {
  return synth(changes, deletionProtection).resource("keycloak_realm");
}

describe("McpRealm", () => {
  test("has the article's settings, row by row", () => {
    expect(realm()).toEqual({
      realm: "mcp",
      enabled: true,
      display_name: "MCP Authorization Server",
      display_name_html: "<b>Model Context Protocol</b>",
      ssl_required: "external",
      access_token_lifespan: "1h",
      sso_session_idle_timeout: "30m",
      sso_session_max_lifespan: "10h",
      offline_session_idle_timeout: "720h",
      revoke_refresh_token: true,
      refresh_token_max_reuse: 0,
      password_policy: "length(12) and upperCase(1) and lowerCase(1) and digits(1) and specialChars(1)",
      security_defenses: {
        headers: {
          x_frame_options: "DENY",
          content_security_policy: "frame-src 'self'; frame-ancestors 'self'; object-src 'none';",
          content_security_policy_report_only: "",
          x_content_type_options: "nosniff",
          x_robots_tag: "none",
          x_xss_protection: "1; mode=block",
          strict_transport_security: "max-age=31536000; includeSubDomains",
        },
        brute_force_detection: {
          permanent_lockout: false,
          max_login_failures: 5,
          wait_increment_seconds: 60,
          quick_login_check_milli_seconds: 1000,
          minimum_quick_login_wait_seconds: 60,
          max_failure_wait_seconds: 900,
          failure_reset_time_seconds: 900,
        },
      },
      attributes: { adminEventsExpiration: "7776000" },
      terraform_deletion_protection: true,
      lifecycle: { prevent_destroy: true },
    });
    expect(realm({}, false)).toMatchObject({
      terraform_deletion_protection: false,
      lifecycle: { prevent_destroy: false },
    });
  });

  test("[events.saved] saves logins and who changed what, not the new values, and writes events to the log too", () => {
    const { realm_id: realmId, ...events } = synth().resource("keycloak_realm_events");
    expect(realmId).toMatch(/^\$\{keycloak_realm\..*\.id\}$/);
    expect(events).toEqual({
      events_enabled: true,
      events_expiration: 7_776_000,
      events_listeners: ["jboss-logging"],
      admin_events_enabled: true,
      admin_events_details_enabled: false,
    });
  });

  test("[events.saved] saves what an environment wants, for as long as it wants", () => {
    const changed = synth({ realm: { events: { logins: false, adminChanges: false, retentionDays: 7 } } });
    expect(changed.resource("keycloak_realm_events")).toMatchObject({
      events_enabled: false,
      events_expiration: 604_800,
      admin_events_enabled: false,
    });
    expect(changed.resource("keycloak_realm")).toMatchObject({ attributes: { adminEventsExpiration: "604800" } });
  });

  test("takes what an environment changes, in Terraform's durations", () => {
    const changed = realm({
      realm: {
        name: "other",
        sslRequired: "all",
        lifespans: { accessToken: "90s", ssoIdle: "45m", offlineIdle: "7d" },
      },
    });
    expect(changed).toMatchObject({
      realm: "other",
      ssl_required: "all",
      access_token_lifespan: "90s",
      sso_session_idle_timeout: "45m",
      offline_session_idle_timeout: "168h",
    });
  });

  test("can be destroyed only where the environment says so", () => {
    expect(realm({}, false)).toMatchObject({ terraform_deletion_protection: false });
  });
});
