import { describe, expect, test } from "@jest/globals";
import { realmDefinition } from "../../../realm/definition.ts";
import type { Component } from "../../../scripts/lib/keycloak/components.ts";
import { planPolicies, type LivePolicies } from "../../../scripts/lib/policies/plan.ts";
import { changeLine } from "../../../scripts/lib/policies/report.ts";
import { environment } from "../../support/environment.ts";

const definition = realmDefinition(environment());

/** A realm that is as it is defined, with ids as Keycloak gives them. */
function asDefined(): { -readonly [Key in keyof LivePolicies]: LivePolicies[Key] } & { components: Component[] } {
  return {
    clientPolicies: {
      profiles: definition.clientProfiles as never,
      policies: definition.clientPolicies as never,
    },
    components: definition.registrationPolicies
      .filter((policy) => policy.state === "present")
      .map(({ name, providerId, subType, config }, index) => ({
        id: `id-${index}`,
        parentId: "realm",
        name,
        providerId,
        subType,
        config: Object.fromEntries(Object.entries(config).map(([key, values]) => [key, [...values].reverse()])),
      })),
    scopes: [{ id: "s", name: "mcp:run", protocol: "openid-connect", attributes: {} }],
  };
}

/** The line of each change, without colours. */
const lines = (live: LivePolicies) =>
  planPolicies(definition, live).map((change) =>
    // eslint-disable-next-line no-control-regex
    changeLine(change).replace(/\u001b\[\d+m/g, ""),
  );

const named = (live: { components: Component[] }, name: string, subType: string) =>
  live.components.find((component) => component.name === name && component.subType === subType)!;

describe("the plan", () => {
  test("is empty for a realm that is as defined, whatever the order of values", () => {
    expect(lines(asDefined())).toEqual([]);
  });

  test("takes an empty list, a missing key and an empty text for the same", () => {
    for (const config of [{}, { "allowed-protocol-mapper-types": [] }, { "allowed-protocol-mapper-types": [""] }]) {
      const live = asDefined();
      named(live, "Allowed Protocol Mapper Types", "anonymous").config = config as never;
      expect(lines(live)).toEqual([]);
    }
  });

  test("shows what is added and removed, for the right one of two policies of the same name", () => {
    const live = asDefined();
    named(live, "Allowed Client Scopes", "authenticated").config = {
      "allow-default-scopes": ["true"],
      "allowed-client-scopes": ["profile", "email", "evil"],
    };
    expect(lines(live)).toEqual(["~ Allowed Client Scopes (authenticated): + openid, + mcp:run, - evil"]);
  });

  test("names the key where several differ", () => {
    const live = asDefined();
    named(live, "Allowed Client Scopes", "anonymous").config = {};
    expect(lines(live)).toEqual([
      "~ Allowed Client Scopes (anonymous): allow-default-scopes: + true; allowed-client-scopes: + openid, + profile, + email, + mcp:run",
    ]);
  });

  test("[policies.odd-realms] keeps unknown keys, and sends the whole representation", () => {
    const live = asDefined();
    const component = named(live, "Max Clients Limit", "anonymous");
    component.config = { "max-clients": ["200"], "from-a-newer-release": ["x"] };
    expect(planPolicies(definition, live)).toMatchObject([
      {
        action: "update",
        component: {
          ...component,
          config: { "max-clients": ["1000"], "from-a-newer-release": ["x"] },
        },
      },
    ]);
  });

  test("[policies.odd-realms] creates what is missing", () => {
    const live = asDefined();
    live.components = live.components.filter((component) => component.name !== "Max Clients Limit");
    expect(lines(live)).toEqual(["+ Max Clients Limit (anonymous): is missing, will be created"]);
  });

  test("[policies.odd-realms] keeps the best of two, removes the other", () => {
    const live = asDefined();
    const good = named(live, "Max Clients Limit", "anonymous");
    live.components.unshift({ ...good, id: "a-first", config: { "max-clients": ["7"] } });
    expect(planPolicies(definition, live)).toMatchObject([{ action: "delete", id: "a-first" }]);
  });

  test("[policies.odd-realms] finds a policy that somebody renamed", () => {
    const live = asDefined();
    named(live, "Max Clients Limit", "anonymous").name = "Our limit";
    expect(lines(live)).toEqual([]);
  });

  test("opens only after it has closed: Trusted Hosts goes last", () => {
    const live = asDefined();
    live.components.unshift({ id: "t", name: "Trusted Hosts", providerId: "trusted-hosts", subType: "anonymous" });
    named(live, "Max Clients Limit", "anonymous").config = {};
    live.scopes = [...live.scopes, { id: "p", name: "phone", protocol: "openid-connect" }];
    expect(lines(live)).toEqual([
      "~ Max Clients Limit (anonymous): + 1000",
      "~ scope phone: will no longer be listed by discovery",
      "- Trusted Hosts (anonymous): will be removed, because the client policy holds redirect URIs to the allowed ones instead",
    ]);
  });

  test("[policies.guard] restores client policies first, and keeps those that nobody defined", () => {
    const live = asDefined();
    live.components.unshift({ id: "t", name: "Trusted Hosts", providerId: "trusted-hosts", subType: "anonymous" });
    live.clientPolicies = {
      profiles: definition.clientProfiles as never,
      policies: [...(definition.clientPolicies.slice(1) as never[]), { name: "ours" }],
    };
    expect(lines(live)).toEqual([
      "~ client policies: client policy mcp-dcr: is missing, should be present",
      expect.stringMatching(/^- Trusted Hosts/),
    ]);
    expect(planPolicies(definition, live)[0]).toMatchObject({
      clientPolicies: { policies: [...definition.clientPolicies, { name: "ours" }] },
    });
  });

  test("leaves policies alone that the definition does not know", () => {
    const live = asDefined();
    live.components.push({ id: "x", name: "Client Disabled", providerId: "client-disabled", subType: "anonymous" });
    expect(lines(live)).toEqual([]);
  });

  test("[discovery.scopes] hides what discovery should not list, and lists what it should", () => {
    const live = asDefined();
    const attributes = { "include.in.openid.provider.metadata": "false", other: "kept" };
    live.scopes = [
      { id: "1", name: "mcp:run", protocol: "openid-connect", attributes },
      { id: "2", name: "roles", protocol: "openid-connect" },
      { id: "3", name: "role_list", protocol: "saml" },
    ];
    expect(lines(live)).toEqual([
      "~ scope mcp:run: will be listed by discovery",
      "~ scope roles: will no longer be listed by discovery",
    ]);
    expect(planPolicies(definition, live)[0]).toMatchObject({ scope: { attributes: { other: "kept" } } });
  });
});
