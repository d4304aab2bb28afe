import { describe, expect, test } from "@jest/globals";
import { ClientPolicies } from "../../constructs/client-policies.ts";
import { literals } from "../../constructs/literals.ts";
import { realmDefinition } from "../../realm/definition.ts";
import { environment } from "../support/environment.ts";
import { synthConstruct } from "../support/template.ts";

const { clientProfiles, clientPolicies } = realmDefinition(environment());
const template = synthConstruct(
  (scope) =>
    new ClientPolicies(scope, "policies", { realmId: "mcp", profiles: clientProfiles, policies: clientPolicies }),
);
const PROFILE = "keycloak_realm_client_policy_profile";
const POLICY = "keycloak_realm_client_policy_profile_policy";

describe("ClientPolicies", () => {
  test("makes each profile and policy of the definition, values as strings, lists as JSON", () => {
    expect(template.resources(PROFILE).map(({ name }) => name)).toEqual([
      "mcp-dcr",
      "mcp-no-registration",
      "mcp-refuse",
    ]);
    expect(template.resources(PROFILE)[0]).toMatchObject({
      executor: expect.arrayContaining([
        { name: "pkce-enforcer", configuration: { "auto-configure": "true" } },
        { name: "secure-logout", configuration: { "allow-front-channel-logout": "false" } },
        {
          name: "secure-client-uris-pattern",
          configuration: { "client-uri-fields": '["webOrigins"]', "allowed-patterns": '["[^*]+"]' },
        },
      ]),
    });
    expect(template.resources(POLICY)).toContainEqual(
      expect.objectContaining({
        name: "mcp-needs-a-user",
        enabled: true,
        profiles: ["mcp-refuse"],
        condition: [
          {
            name: "grant-type",
            configuration: {
              grant_types:
                '["client_credentials","password","urn:ietf:params:oauth:grant-type:device_code","urn:openid:params:grant-type:ciba"]',
            },
          },
        ],
      }),
    );
  });

  test("makes one after the other, because the provider writes the whole list each time", () => {
    const order = [...template.resources(PROFILE), ...template.resources(POLICY)].map(({ depends_on: after }) => after);
    const chain = [
      ...clientProfiles.map(({ name }) => `profile-${name}`),
      ...clientPolicies.map(({ name }) => `policy-${name}`),
    ];
    expect(order.filter((after) => after === undefined)).toHaveLength(1);
    for (const [index, name] of chain.slice(0, -1).entries())
      expect(order.flat().filter((address) => String(address).includes(name))).toHaveLength(
        index < chain.length ? 1 : 0,
      );
  });
});

describe("literals", () => {
  test("escapes what Terraform would take for a template, at any depth", () => {
    expect(literals({ text: "${a} %{if b} $c", list: ["$${d}", 1, true, undefined] })).toEqual({
      text: "$${a} %%{if b} $c",
      list: ["$$${d}", 1, true, undefined],
    });
  });
});
