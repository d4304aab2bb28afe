import { describe, expect, test } from "@jest/globals";
import { McpScopes } from "../../constructs/scopes.ts";
import type { EnvironmentInput } from "../../environments/schema/index.ts";
import { realmDefinition } from "../../realm/definition.ts";
import { environment } from "../support/environment.ts";
import { synthConstruct } from "../support/template.ts";

function scopes(changes: Partial<EnvironmentInput> = {}) {
  const { mcpScopes, defaultScopes, optionalScopes, resourceClients } = realmDefinition(environment(changes));
  return synthConstruct(
    (scope) =>
      new McpScopes(scope, "scopes", {
        realmId: "mcp",
        scopes: mcpScopes,
        resourceClientIds: new Map(resourceClients.map(({ clientId }) => [clientId, `reference to ${clientId}`])),
        defaultScopes,
        optionalScopes,
      }),
  );
}

describe("McpScopes", () => {
  test("[realm.scopes] makes mcp:run, on the consent page and in the token, with its audience in access tokens only", () => {
    const template = scopes();
    expect(template.resource("keycloak_openid_client_scope")).toEqual({
      realm_id: "mcp",
      name: "mcp:run",
      description: "Scope for MCP model execution with audience restriction",
      consent_screen_text: "Access MCP model servers",
      include_in_token_scope: true,
    });
    expect(template.resource("keycloak_openid_audience_protocol_mapper")).toMatchObject({
      name: "mcp-audience",
      included_client_audience: "reference to https://mcp-server.example.com/mcp",
      add_to_access_token: true,
      add_to_id_token: false,
    });
  });

  test("has the article's hardcoded claim where an environment asks for it", () => {
    const template = scopes({ audience: "hardcoded-claim" });
    expect(template.resources("keycloak_openid_audience_protocol_mapper")).toEqual([]);
    expect(template.resource("keycloak_openid_hardcoded_claim_protocol_mapper")).toMatchObject({
      name: "mcp-audience",
      claim_name: "aud",
      claim_value: "https://mcp-server.example.com/mcp",
      claim_value_type: "String",
      add_to_access_token: true,
      add_to_id_token: false,
      add_to_userinfo: false,
    });
  });

  test("[realm.scopes] lists the realm's scopes, further MCP servers as optional ones", () => {
    const template = scopes({
      mcpServers: [
        { resource: "https://one.example.com/mcp" },
        { resource: "https://two.example.com/mcp", scope: "two" },
      ],
    });
    expect(template.resource("keycloak_realm_default_client_scopes")).toMatchObject({
      default_scopes: ["profile", "email", "mcp:run", "roles", "web-origins", "acr", "basic"],
    });
    expect(template.resource("keycloak_realm_optional_client_scopes")).toMatchObject({
      optional_scopes: ["address", "phone", "offline_access", "microprofile-jwt", "two"],
    });
    expect(template.resources("keycloak_openid_audience_protocol_mapper")).toHaveLength(2);
  });

  test("makes the lists after the scopes that are on them", () => {
    const template = scopes();
    const scope = template.addresses.find((address) => address.startsWith("keycloak_openid_client_scope."));
    for (const list of ["keycloak_realm_default_client_scopes", "keycloak_realm_optional_client_scopes"])
      expect(template.resource(list).depends_on).toContain(scope);
  });
});
