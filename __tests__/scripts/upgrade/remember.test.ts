import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { Compatibility, KeycloakSetup } from "../../../scripts/lib/upgrade/compatibility.ts";
import { remember } from "../../../scripts/lib/upgrade/remember.ts";

const before = process.env.KEYCLOAK_MCP_CACHE;
const cache = mkdtempSync(join(tmpdir(), "remember-"));
const folder = join(cache, "compatibility");
const setup = (changes: Partial<KeycloakSetup> = {}): KeycloakSetup => ({
  version: "26.4.5",
  buildOptions: ["--db=postgres"],
  variables: { KC_HTTP_ENABLED: "true", KC_CACHE: "ispn" },
  ...changes,
});
const next = setup({ version: "26.7.3" });
const ANSWER: Compatibility = { rolling: false, reasons: ["'keycloak.version' is incompatible: 26.4.5 -> 26.7.3."] };

let asked = 0;
const ask = () => Promise.resolve(((asked += 1), ANSWER));

beforeAll(() => {
  process.env.KEYCLOAK_MCP_CACHE = cache;
});
beforeEach(() => {
  asked = 0;
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => {
  rmSync(cache, { recursive: true });
  if (before === undefined) delete process.env.KEYCLOAK_MCP_CACHE;
  else process.env.KEYCLOAK_MCP_CACHE = before;
});

test("[upgrade.check] asks Keycloak once about the same two set-ups, in whatever order their variables are", async () => {
  const turned = setup({ variables: { KC_CACHE: "ispn", KC_HTTP_ENABLED: "true" } });
  // What runs is told with more than what is compared.
  const running: KeycloakSetup & { tasks: number } = { ...turned, tasks: 2 };
  expect(await remember(setup(), next, ask)).toEqual(ANSWER);
  expect(await remember(running, next, ask)).toEqual(ANSWER);
  expect(asked).toBe(1);
});

test.each<[string, KeycloakSetup, KeycloakSetup]>([
  ["another release", setup({ version: "26.4.6" }), next],
  ["another build option", setup({ buildOptions: ["--db=postgres", "--features=dpop"] }), next],
  ["another variable", setup({ variables: { KC_CACHE: "ispn" } }), next],
  ["the other direction", next, setup()],
])("[upgrade.check] asks anew about %s", async (_, from, to) => {
  await remember(setup(), next, ask);
  await remember(from, to, ask);
  expect(asked).toBe(2);
});

test.each(["", "{", '{"rolling":"yes"}'])("[upgrade.check] asks anew where the file holds %j", async (text) => {
  await remember(setup(), next, ask);
  const [file] = readdirSync(folder);
  writeFileSync(join(folder, file!), text);
  expect(await remember(setup(), next, ask)).toEqual(ANSWER);
  expect(await remember(setup(), next, ask)).toEqual(ANSWER);
  expect(asked).toBe(2);
});

test("[upgrade.check] keeps nothing where Keycloak gave no answer", async () => {
  const fails = () => Promise.reject(new Error("no Java"));
  await expect(remember(setup(), next, fails)).rejects.toThrow("no Java");
  expect(await remember(setup(), next, ask)).toEqual(ANSWER);
  expect(readdirSync(folder)).toHaveLength(1);
});
