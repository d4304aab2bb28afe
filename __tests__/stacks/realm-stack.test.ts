import { describe, expect, test } from "@jest/globals";
import type { EnvironmentInput } from "../../environments/schema/index.ts";
import { RealmStack } from "../../stacks/realm-stack.ts";
import { environment } from "../support/environment.ts";
import { synthStack, testApp } from "../support/template.ts";

const synth = (changes: Partial<EnvironmentInput> = {}) => synthStack(new RealmStack(testApp(), environment(changes)));

const EVERYTHING: Partial<EnvironmentInput> = {
  mcpServers: [
    { resource: "https://one.example.com/mcp" },
    { resource: "https://two.example.com/mcp", scope: "mcp:two" },
  ],
  spaClient: { redirectUris: ["https://app.example.com/callback"] },
};

describe("RealmStack", () => {
  test("[terraform.ids] keeps the address of every resource: a new one would replace a realm and its users", () => {
    expect(synth(EVERYTHING).addresses).toMatchSnapshot();
    expect(synth({ audience: "hardcoded-claim" }).addresses).toMatchSnapshot();
  });

  test("[terraform.synth] yields the whole realm of the smallest environment", () => {
    expect(synth().json).toMatchSnapshot();
  });

  test("names the environment first, so that globs find all stacks of one", () => {
    expect(new RealmStack(testApp(), environment({ name: "staging" })).node.id).toBe("staging-realm");
  });

  test("tells the provider where Keycloak is, and nothing of who may log in", () => {
    expect(synth().json.provider).toEqual({ keycloak: [{ url: "https://auth.example.com", base_path: "/auth" }] });
    expect(synth({ keycloak: { url: "https://auth.example.com" } }).json.provider).toEqual({
      keycloak: [{ url: "https://auth.example.com", base_path: "" }],
    });
  });

  test("puts out what an MCP server and its clients need", () => {
    const outputs = synth(EVERYTHING).json.output as Record<string, { value: unknown; description: string }>;
    expect(Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]))).toEqual({
      issuer: "https://auth.example.com/auth/realms/mcp",
      discovery_url: "https://auth.example.com/auth/realms/mcp/.well-known/openid-configuration",
      registration_endpoint: "https://auth.example.com/auth/realms/mcp/clients-registrations/openid-connect",
      mcp_scopes: { "https://one.example.com/mcp": "mcp:run", "https://two.example.com/mcp": "mcp:two" },
    });
    for (const { description } of Object.values(outputs)) expect(description).toBeTruthy();
  });

  test("makes the single-page application when the scopes are there that it inherits", () => {
    const template = synth(EVERYTHING);
    const spa = template.resources("keycloak_openid_client").find(({ client_id: id }) => id === "mcp-spa");
    expect(spa!.depends_on).toEqual(
      expect.arrayContaining([expect.stringMatching(/^keycloak_realm_default_client_scopes\./)]),
    );
  });

  test("takes ${} in a text for a text", () => {
    const { json } = synth({ realm: { displayName: "${realmName} %{x}" } });
    expect(JSON.stringify(json)).toContain('"$${realmName} %%{x}"');
  });

  test("holds no client secret and no random value: all clients are public", () => {
    const template = synth(EVERYTHING);
    expect(template.addresses.filter((address) => /random|tls_|secret/.test(address))).toEqual([]);
    for (const client of template.resources("keycloak_openid_client")) expect(client.access_type).toBe("PUBLIC");
  });
});
