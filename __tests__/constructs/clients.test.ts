import { describe, expect, test } from "@jest/globals";
import { ResourceClients, SinglePageApplication } from "../../constructs/clients.ts";
import { synthConstruct } from "../support/template.ts";

const RESOURCE = "https://mcp-server.example.com/mcp";

describe("ResourceClients", () => {
  test("makes a client that stands for the MCP server, and that nobody can log in with", () => {
    let ids: ReadonlyMap<string, string> = new Map();
    const template = synthConstruct((scope) => {
      const clients = [{ clientId: RESOURCE, scope: "mcp:run", name: "MCP server of mcp:run" }];
      ids = new ResourceClients(scope, "mcp-servers", { realmId: "mcp", clients }).clientIds;
    });
    expect(template.resource("keycloak_openid_client")).toEqual({
      realm_id: "mcp",
      client_id: RESOURCE,
      name: "MCP server of mcp:run",
      enabled: true,
      access_type: "PUBLIC",
      standard_flow_enabled: false,
      implicit_flow_enabled: false,
      direct_access_grants_enabled: false,
      service_accounts_enabled: false,
      full_scope_allowed: false,
      extra_config: { resource_url: RESOURCE },
    });
    expect([...ids.keys()]).toEqual([RESOURCE]);
  });
});

describe("SinglePageApplication", () => {
  test("[realm.spa-client] is public, must use PKCE S256, and names no scope: it inherits the realm's", () => {
    const template = synthConstruct((scope) => {
      const client = {
        clientId: "mcp-spa",
        name: "MCP web application",
        redirectUris: ["https://app.example.com/callback"],
        webOrigins: ["https://app.example.com"],
      };
      new SinglePageApplication(scope, "spa", { realmId: "mcp", client, scopeLists: [] });
    });
    expect(template.resource("keycloak_openid_client")).toEqual({
      realm_id: "mcp",
      client_id: "mcp-spa",
      name: "MCP web application",
      enabled: true,
      access_type: "PUBLIC",
      standard_flow_enabled: true,
      implicit_flow_enabled: false,
      direct_access_grants_enabled: false,
      service_accounts_enabled: false,
      full_scope_allowed: false,
      pkce_code_challenge_method: "S256",
      valid_redirect_uris: ["https://app.example.com/callback"],
      web_origins: ["https://app.example.com"],
      depends_on: [],
    });
    expect(template.addresses).toHaveLength(1);
  });
});
