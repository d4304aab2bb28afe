import { describe, expect, test } from "@jest/globals";
import { realmDefinition } from "../../../realm/definition.ts";
import { diffClientPolicies } from "../../../scripts/lib/drift/client-policies.ts";
import { compareKnown, compareNamed } from "../../../scripts/lib/drift/difference.ts";
import { environment } from "../../support/environment.ts";

describe("comparing", () => {
  test("looks at what is expected only", () => {
    expect(compareKnown("x", { a: 1 }, { a: 1, b: 2 })).toEqual([]);
  });

  test("says where, what was expected and what is there", () => {
    expect(compareKnown("x", { a: { b: "1" } }, { a: { b: "2" } })).toEqual([
      { where: "x: a: b", expected: "1", actual: "2" },
    ]);
  });

  test("takes lists for sets, and notices a value too many", () => {
    expect(compareKnown("x", ["a", "b"], ["b", "a"])).toEqual([]);
    expect(compareKnown("x", ["a"], ["a", "b"])).toHaveLength(1);
    expect(compareKnown("x", [], undefined)).toEqual([]);
    expect(compareKnown("x", ["a", "a"], ["a", "b"])).toHaveLength(1);
  });

  test("takes a boolean and its text for the same, and false not for nothing", () => {
    expect(compareKnown("x", true, "true")).toEqual([]);
    expect(compareKnown("x", false, undefined)).toHaveLength(1);
    expect(compareKnown("x", "", undefined)).toEqual([]);
    expect(compareKnown("x", 0, undefined)).toHaveLength(1);
  });

  test("reports what is missing, and what nobody defined where that matters", () => {
    const name = (thing: { name: string }) => thing.name;
    expect(compareNamed("thing", [{ name: "a" }], [{ name: "b" }], name, "reported")).toEqual([
      { where: "thing a", expected: "present", actual: undefined },
      { where: "thing b", expected: undefined, actual: "present" },
    ]);
    expect(compareNamed("thing", [], [{ name: "b" }], name, "allowed")).toEqual([]);
  });
});

describe("[drift.client-policies] client policies", () => {
  const definition = realmDefinition(environment());
  const live = () => ({
    profiles: JSON.parse(JSON.stringify(definition.clientProfiles)) as never[],
    policies: JSON.parse(JSON.stringify(definition.clientPolicies)) as never[],
  });
  const wheres = (value: ReturnType<typeof live>) => diffClientPolicies(definition, value).map((d) => d.where);

  test("as defined are no difference", () => expect(wheres(live())).toEqual([]));

  test("differ where one is switched off", () => {
    const changed = live();
    (changed.policies[0] as unknown as { enabled: boolean }).enabled = false;
    expect(wheres(changed)).toEqual(["client policy mcp-dcr: enabled"]);
  });

  test("differ where an executor is gone, or moved", () => {
    const changed = live();
    const [profile] = changed.profiles as unknown as { executors: { executor: string }[] }[];
    profile!.executors.shift();
    expect(wheres(changed)[0]).toBe("client profile mcp-dcr: executor 1 (pkce-enforcer)");
  });

  test("differ where a pattern was added to one of several executors of the same name", () => {
    const changed = live();
    const [profile] = changed.profiles as unknown as {
      executors: { executor: string; configuration: Record<string, string[]> }[];
    }[];
    profile!.executors.find((e) => e.configuration["allowed-patterns"])!.configuration["allowed-patterns"]!.push(".*");
    expect(wheres(changed)).toEqual([
      "client profile mcp-dcr: executor 7 (secure-client-uris-pattern): allowed-patterns",
    ]);
  });

  test("differ where somebody added one", () => {
    const changed = live();
    changed.policies.push({ name: "extra" } as never);
    expect(wheres(changed)).toEqual(["client policy extra"]);
  });
});
