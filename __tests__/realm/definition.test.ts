import { describe, expect, test } from "@jest/globals";
import { realmDefinition } from "../../realm/definition.ts";
import { realmRepresentation, scopeRepresentation } from "../../realm/representation.ts";
import { environment, MINIMAL } from "../support/environment.ts";

const definition = realmDefinition(environment());
const representation = realmRepresentation(definition);

describe("the realm of the article", () => {
  test("[realm.display] has its display names", () => {
    expect(representation).toMatchObject({
      realm: "mcp",
      enabled: true,
      displayName: "MCP Authorization Server",
      displayNameHtml: "<b>Model Context Protocol</b>",
    });
  });

  test("[realm.lifespans] has its lifespans, in seconds", () => {
    expect(representation).toMatchObject({
      accessTokenLifespan: 3600,
      ssoSessionIdleTimeout: 1800,
      ssoSessionMaxLifespan: 36_000,
      offlineSessionIdleTimeout: 2_592_000,
    });
  });

  test("[realm.ssl] requires HTTPS outside loopback", () => {
    expect(representation.sslRequired).toBe("external");
  });

  test("[realm.password-policy] asks for 12 characters of four kinds", () => {
    expect(representation.passwordPolicy).toBe(
      "length(12) and upperCase(1) and lowerCase(1) and digits(1) and specialChars(1)",
    );
  });

  test("[realm.headers] sets the seven headers", () => {
    expect(representation.browserSecurityHeaders).toEqual({
      xFrameOptions: "DENY",
      contentSecurityPolicy: "frame-src 'self'; frame-ancestors 'self'; object-src 'none';",
      contentSecurityPolicyReportOnly: "",
      xContentTypeOptions: "nosniff",
      xRobotsTag: "none",
      xXSSProtection: "1; mode=block",
      strictTransportSecurity: "max-age=31536000; includeSubDomains",
    });
  });

  test("[realm.brute-force] locks accounts for a while, never for good", () => {
    expect(representation).toMatchObject({
      bruteForceProtected: true,
      permanentLockout: false,
      failureFactor: 5,
      waitIncrementSeconds: 60,
      quickLoginCheckMilliSeconds: 1000,
      minimumQuickLoginWaitSeconds: 60,
      maxFailureWaitSeconds: 900,
      maxDeltaTimeSeconds: 900,
    });
  });

  test("[token.refresh-rotation] rotates refresh tokens", () => {
    expect(representation).toMatchObject({ revokeRefreshToken: true, refreshTokenMaxReuse: 0 });
  });

  test("[events.saved] saves logins and who changed what for 90 days, in seconds", () => {
    expect(representation).toMatchObject({
      eventsEnabled: true,
      eventsExpiration: 7_776_000,
      enabledEventTypes: [],
      adminEventsEnabled: true,
      adminEventsDetailsEnabled: false,
      attributes: { adminEventsExpiration: "7776000" },
    });
  });

  test("[realm.scopes] has its default and optional scopes, openid not among them", () => {
    expect(definition.defaultScopes).toEqual(["profile", "email", "mcp:run", "roles", "web-origins", "acr", "basic"]);
    expect(definition.optionalScopes).toEqual(["address", "phone", "offline_access", "microprofile-jwt"]);
  });

  test("[realm.scopes] shows mcp:run on the consent page and in the token", () => {
    expect(scopeRepresentation(definition.mcpScopes[0]!).attributes).toEqual({
      "include.in.token.scope": "true",
      "display.on.consent.screen": "true",
      "consent.screen.text": "Access MCP model servers",
    });
  });
});

describe("the audience", () => {
  test("[token.audience] comes from a client that stands for the resource", () => {
    expect(definition.resourceClients).toEqual([
      { clientId: "https://mcp-server.example.com/mcp", scope: "mcp:run", name: "MCP server of mcp:run" },
    ]);
    expect(scopeRepresentation(definition.mcpScopes[0]!).protocolMappers).toMatchObject([
      {
        protocolMapper: "oidc-audience-mapper",
        config: {
          "included.client.audience": "https://mcp-server.example.com/mcp",
          "access.token.claim": "true",
          "id.token.claim": "false",
        },
      },
    ]);
  });

  test("[token.audience] is the article's hardcoded claim where an environment asks for it", () => {
    const hardcoded = realmDefinition(environment({ audience: "hardcoded-claim" }));
    expect(hardcoded.resourceClients).toEqual([]);
    expect(scopeRepresentation(hardcoded.mcpScopes[0]!).protocolMappers).toMatchObject([
      {
        protocolMapper: "oidc-hardcoded-claim-mapper",
        config: {
          "claim.name": "aud",
          "claim.value": "https://mcp-server.example.com/mcp",
          "access.token.claim": "true",
          "id.token.claim": "false",
          "userinfo.token.claim": "false",
        },
      },
    ]);
  });
});

test("[token.separate-audiences] a second MCP server's scope must be asked for", () => {
  const two = realmDefinition(
    environment({
      mcpServers: [...MINIMAL.mcpServers, { resource: "https://other.example.com/mcp", scope: "mcp:other" }],
    }),
  );
  expect(two.defaultScopes).not.toContain("mcp:other");
  expect(two.optionalScopes).toContain("mcp:other");
  expect(two.discoverableScopes).toEqual(["mcp:run", "mcp:other", "offline_access"]);
});

test("resourceIndicators turns the server's feature on, and nothing else does", () => {
  expect(realmDefinition(environment({ resourceIndicators: true })).serverFeatures).toEqual(["resource-indicators"]);
  expect(definition.serverFeatures).toEqual([]);
});

test("[realm.spa-client] takes its web origins from its redirect URIs", () => {
  const { spaClient } = realmDefinition(
    environment({
      spaClient: { redirectUris: ["https://app.example.com/callback", "https://app.example.com/silent"] },
    }),
  );
  expect(spaClient).toEqual({
    clientId: "mcp-spa",
    name: "MCP web application",
    redirectUris: ["https://app.example.com/callback", "https://app.example.com/silent"],
    webOrigins: ["https://app.example.com"],
  });
});

describe("registration policies", () => {
  const policy = (providerId: string, of = definition) =>
    of.registrationPolicies.filter((candidate) => candidate.providerId === providerId);

  test("[dcr.openid-scope] allow openid, although it is no client scope", () => {
    expect(policy("allowed-client-templates")).toHaveLength(2);
    for (const { config } of policy("allowed-client-templates"))
      expect(config["allowed-client-scopes"]).toEqual(["openid", "profile", "email", "mcp:run"]);
  });

  test("remove Trusted Hosts, or hold client URIs to hosts", () => {
    expect(policy("trusted-hosts")).toMatchObject([{ state: "absent" }]);
    const hosts = realmDefinition(environment({ registration: { trustedHosts: { hosts: ["claude.ai"] } } }));
    expect(hosts.redirects.examples).toEqual(["https://claude.ai/api/mcp/auth_callback"]);
    expect(policy("trusted-hosts", hosts)).toMatchObject([
      { state: "present", config: { "trusted-hosts": ["claude.ai"], "client-uris-must-match": ["true"] } },
    ]);
  });

  test("[hole.protocol-mappers] allow no protocol mapper to anybody", () => {
    expect(policy("allowed-protocol-mappers").map(({ subType, config }) => [subType, config])).toEqual([
      ["anonymous", { "allowed-protocol-mapper-types": [] }],
      ["authenticated", { "allowed-protocol-mapper-types": [] }],
    ]);
  });

  test("do not name what a Keycloak release does not have", () => {
    const old = realmDefinition(environment({ keycloak: { ...MINIMAL.keycloak, version: "26.4.5" } }));
    expect(policy("registration-web-origins", old)).toEqual([]);
    expect(policy("registration-web-origins")).toHaveLength(2);
  });
});
