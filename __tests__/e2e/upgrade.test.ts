import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { loadEnvironment } from "../../environments/index.ts";
import { realmDefinition, type RealmDefinition } from "../../realm/definition.ts";
import { findDrift } from "../../scripts/lib/drift/index.ts";
import { listClientScopes } from "../../scripts/lib/keycloak/client-scopes.ts";
import { fixPolicies } from "../../scripts/lib/policies/fix.ts";
import { figure, printFigures, timed } from "../cluster/support/figures.ts";
import { TestPeople } from "../cluster/support/people.ts";
import { builtKeycloak, startTestCluster, type TestCluster } from "../cluster/support/test-cluster.ts";

const [OLD, NEW] = ["26.4.5", "26.7.3"] as const;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster({ size: 1, version: OLD });
}, 300_000);
afterAll(async () => {
  await cluster?.stop();
  printFigures();
});

async function definitionFor(version: string): Promise<RealmDefinition> {
  const environment = await loadEnvironment("local");
  return realmDefinition({ ...environment, keycloak: { ...environment.keycloak, version } });
}

test(`[upgrade.data] realm, people and logins of ${OLD} are there on ${NEW}, on the same database`, async () => {
  const people = await TestPeople.make(cluster);
  const sessions = [await people.logIn(), await people.logIn()];
  await people.refresh(sessions[0]!);

  // As deployment "recreate" does: the old one ends before the new one begins.
  const { home } = await builtKeycloak(NEW);
  const { seconds } = await timed(async () => {
    expect(await cluster.stopNode("node-1")).toBe(143);
    await cluster.startNode("node-2", home);
  });
  figure(`from ${OLD} to ${NEW}: nobody could log in for`, `${seconds.toFixed(0)} s`);

  for (const session of sessions) {
    expect(await people.introspect(session)).toBe(true);
    await people.refresh(session);
    expect(await people.introspect(session)).toBe(true);
  }
  await people.logIn();

  // The new release has stricter rules for redirect URIs, which phase 2 brings; and its migration makes a scope for SAML a
  // default one, which phase 1 takes out again: Terraform's list is the whole list.
  const definition = await definitionFor(NEW);
  const drift = async () => Object.values(await findDrift(cluster.admin, definition)).flat();
  const fixed = await fixPolicies(cluster.admin, definition);
  expect(fixed.changes.length).toBeGreaterThan(0);
  expect(await drift()).toMatchObject([
    { where: "realm default scopes", actual: expect.arrayContaining(["AuthnContextClassRef"]) },
  ]);
  const scopes = await listClientScopes(cluster.admin);
  const { id } = scopes.find(({ name }) => name === "AuthnContextClassRef")!;
  await cluster.admin.send({ method: "DELETE", path: `/default-default-client-scopes/${id}` });
  expect(await drift()).toEqual([]);
  await people.logIn();
}, 300_000);
