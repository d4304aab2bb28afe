import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import development from "../../environments/development.ts";
import intranet from "../../environments/intranet.ts";
import production from "../../environments/production.ts";
import { checkEnvironment } from "../../environments/schema/explain.ts";
import { environmentSchema, type Environment } from "../../environments/schema/index.ts";
import { MINIMAL, MINIMAL_AWS } from "../support/environment.ts";
import { withoutStackTraces } from "../support/template.ts";
import { synthesize } from "../synthesized/support/stacks.ts";

const BASES = [production, development, intranet, MINIMAL, { ...MINIMAL, aws: MINIMAL_AWS }];

/** Values that are right by themselves, by path; not all of them go together. */
const OPTIONS: Readonly<Record<string, readonly unknown[]>> = {
  name: ["ab", "a-very-long-name-2-20"],
  "keycloak.version": ["26.4.5", "26.7.0"],
  "realm.name": ["mcp", "Staging_2-b", "a".repeat(36)],
  "realm.displayName": ["${evil}", "%{evil}", "<&\"'\\>", "日本語"],
  "realm.sslRequired": ["all", "external"],
  "realm.passwordPolicy": ["", "${evil}"],
  "realm.deletionProtection": [true, false],
  "realm.lifespans.accessToken": ["1s", "5m", "10h"],
  audience: ["resource-client", "hardcoded-claim"],
  resourceIndicators: [true, false],
  "mcpServers.0.scope": ["a:b", "${evil}"],
  "mcpServers.0.consentText": ["${evil} %{evil}"],
  "mcpServers.1": [
    { resource: "https://b.example.com", scope: "b" },
    { resource: "http://[::1]:1/", scope: "c" },
  ],
  spaClient: [{ redirectUris: ["http://localhost:5173/callback"] }, undefined],
  "registration.redirects": [[], ["claude"]],
  "registration.maxClients": [10, 1_000_000],
  aws: [undefined],
  "aws.region": ["eu-central-1", "ap-southeast-7"],
  "aws.accountId": ["111122223333", undefined],
  "aws.stage": ["production", "development"],
  "aws.tags": [{}, { "${evil}": "x" }, { Project: "%{evil}" }, { "Cost centre": "4711/é" }],
  "aws.state": [undefined, { bucket: "states" }, { bucket: "states", region: "us-east-1" }],
  "aws.adminCidrs": [[], ["0.0.0.0/0"], ["10.0.0.0/8", "203.0.113.7/32"]],
  "aws.network": [undefined],
  "aws.network.cidr": ["10.0.0.0/24", "172.16.0.0/20", "0.0.0.0/16"],
  "aws.network.publicCidr": ["10.0.0.0/27", "10.0.64.0/18"],
  "aws.network.privateCidr": ["10.0.0.128/25", "10.0.128.0/24"],
  "aws.network.availabilityZones": [2, 3, 4, ["eu-central-1a", "eu-central-1c"], ["us-east-1a", "us-east-1f"]],
  "aws.network.natGateways": ["one-per-az", "one", "none"],
  "aws.network.interfaceEndpoints": [true, false],
  "aws.network.flowLogRetentionDays": [0, 731],
  "aws.database.engineVersion": ["14.3", "17.5"],
  "aws.database.instanceClass": ["db.serverless", "db.t4g.medium"],
  "aws.database.minCapacity": [0.5, 8],
  "aws.database.maxCapacity": [1, 256],
  "aws.database.instances": [1, 15],
  "aws.database.kmsKey": ["own", "aws-managed"],
  "aws.database.deletionProtection": [true, false],
  "aws.database.restoreFromSnapshot": ["before-upgrade", "${evil}"],
  "aws.database.passwordVersion": [1, 7],
  "aws.database.insights": ["standard", "advanced"],
  "aws.image": [{ tag: "26.7.0-1" }, { digest: `sha256:${"0".repeat(64)}` }],
  "aws.service.cpu": [256, 512, 1024, 16384],
  "aws.service.memory": [1024, 2048, 122_880],
  "aws.service.architecture": ["ARM64", "X86_64"],
  "aws.service.desiredCount": [0, 1, 100],
  "aws.service.minCount": [0, 1],
  "aws.service.maxCount": [1, 100],
  "aws.service.spot": [true, false],
  "aws.service.exec": [true, false],
  "aws.service.egressPorts": [
    [443, 587],
    [443, 65_535, 1],
  ],
  "aws.loadBalancer.internal": [true, false],
  "aws.loadBalancer.clientCidrs": [["10.0.0.0/8"], Array.from({ length: 50 }, (_, index) => `10.${index}.0.0/16`)],
  "aws.loadBalancer.accessLogRetentionDays": [1, 3650],
  "aws.loadBalancer.deletionProtection": [true, false],
  "aws.waf.enabled": [true, false],
  "aws.waf.loginLimit": [10, 2_000_000],
  "aws.monitoring.alarmEmail": ["ops@example.com", undefined],
  "aws.monitoring.logRetentionDays": [1, 731],
};

type Tree = Record<string, unknown>;
type Mutation = (environment: Tree) => void;

/** Sets what is at a path, making the objects on the way; does nothing where a value is in the way. */
function put(environment: Tree, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop()!;
  let at: unknown = environment;
  for (const key of keys) at = isTree(at) ? (at[key] ??= {}) : undefined;
  if (isTree(at)) at[last] = typeof value === "function" ? value : structuredClone(value);
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null;
}

function take(environment: Tree, path: string): unknown {
  return path.split(".").reduce<unknown>((at, key) => (isTree(at) ? at[key] : undefined), environment);
}

/** Every path of an environment. */
function paths(tree: Tree, prefix = ""): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    key.includes(".") ? [] : [prefix + key, ...(isTree(value) ? paths(value, `${prefix}${key}.`) : [])],
  );
}

const ODD_TEXT = ["", " ", "\0", "${evil}", "%{evil}", "__proto__", "constructor", "🙂".repeat(70), "a".repeat(300)];
const ODD_NUMBERS = [-1, -0, 0, 0.1, 1, 2 ** 31, 2 ** 53, 1e308, NaN, Infinity];
const odd = fc.oneof(
  fc.constantFrom<unknown>(...ODD_TEXT, ...ODD_NUMBERS, null, true, false, [], {}, [[]], [null], () => 1),
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.double(),
  fc.integer(),
  fc.jsonValue(),
  fc.date(),
  fc.ipV4(),
  fc.domain(),
  fc.webUrl(),
);

const option: fc.Arbitrary<Mutation> = fc
  .constantFrom(...Object.entries(OPTIONS).flatMap(([path, values]) => values.map((value) => [path, value] as const)))
  .map(
    ([path, value]) =>
      (environment) =>
        put(environment, path, value),
  );

const oddity: fc.Arbitrary<Mutation> = fc
  .record({ kind: fc.constantFrom("remove", "replace", "swap", "add"), one: fc.nat(), other: fc.nat(), value: odd })
  .map(({ kind, one, other, value }) => (environment) => {
    const all = [...paths(environment), ...Object.keys(OPTIONS)];
    const [here, there] = [all[one % all.length]!, all[other % all.length]!];
    if (kind === "remove") put(environment, here, undefined);
    else if (kind === "replace") put(environment, here, value);
    else if (kind === "add") put(environment, `${here}.${typeof value === "string" ? value : "extra"}`, value);
    else {
      const [first, second] = [take(environment, here), take(environment, there)];
      put(environment, here, second);
      put(environment, there, first);
    }
  });

const mutated = (mutation: fc.Arbitrary<Mutation>, most: number) =>
  fc
    .tuple(fc.constantFrom(...BASES), fc.array(mutation, { minLength: 1, maxLength: most }))
    .map(([base, mutations]) => {
      const environment = JSON.parse(JSON.stringify(base)) as Tree;
      for (const mutate of mutations) mutate(environment);
      return environment;
    });

/** Fails where an error is no sentence for the person who wrote the file. */
function expectReadable(errors: readonly string[]): void {
  expect(errors).not.toEqual([]);
  for (const error of errors) {
    expect(error).toMatch(/^.+: .+/s);
    expect(error).not.toMatch(/\bundefined\b|\[object |\n +at |Invalid input/);
    expect(error.length).toBeLessThan(3000);
  }
}

function expectSynthesis(environment: Environment): void {
  const stacks = withoutStackTraces(() => synthesize(environment));
  expect(stacks.map(({ stack }) => stack)).toHaveLength(environment.aws ? 3 : 1);
  for (const { json } of stacks) {
    const text = JSON.stringify(json);
    expect(text).not.toMatch(/\bundefined\b|\[object |\bNaN\b|TfToken\[/);
    // What a person wrote is no Terraform template.
    expect(text).not.toMatch(/(?<!\$)\$\{evil|(?<!%)%\{evil/);
  }
}

describe("whatever an environment file says, the answer is an error that one can read, or stacks", () => {
  test("odd settings", () => {
    fc.assert(
      fc.property(mutated(fc.oneof(oddity, option), 4), (content) => {
        const result = checkEnvironment(environmentSchema, content);
        if ("errors" in result) expectReadable(result.errors);
        else expect(JSON.stringify(result.environment)).not.toContain("undefined");
      }),
      { numRuns: 300 },
    );
  });

  test("a file that is no environment at all", () => {
    fc.assert(
      fc.property(odd, (content) => {
        const result = checkEnvironment(environmentSchema, content);
        if ("errors" in result) expectReadable(result.errors);
        expect(result).toHaveProperty("errors");
      }),
    );
  });

  test("settings that are right one by one", () => {
    fc.assert(
      fc.property(mutated(option, 6), (content) => {
        const result = checkEnvironment(environmentSchema, content);
        if ("errors" in result) expectReadable(result.errors);
        else expectSynthesis(result.environment);
      }),
      { numRuns: 25 },
    );
  });
});
