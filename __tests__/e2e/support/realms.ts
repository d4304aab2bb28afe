import { randomBytes } from "node:crypto";
import type { EnvironmentInput } from "../../../environments/schema/index.ts";
import { AdminClient, type AdminClientOptions } from "../../../scripts/lib/keycloak/admin-client.ts";
import type { AdminCredentials } from "../../../scripts/lib/keycloak/credentials.ts";
import { deleteRealm } from "../../../scripts/lib/keycloak/realms.ts";
import { fixPolicies } from "../../../scripts/lib/policies/fix.ts";
import { makeRealm } from "../../../scripts/lib/realm/create-realm.ts";
import { targetFor, type Target } from "../../../scripts/lib/target.ts";
import { environment } from "../../support/environment.ts";
import { keycloak, type E2eKeycloak } from "./keycloaks.ts";

/** A realm of a test's own on the run's real Keycloak. */
export interface TestRealm extends Target {
  readonly admin: AdminClient;
  /** Another client of the same realm, which counts its own requests. */
  client(options?: AdminClientOptions & { url?: string; credentials?: AdminCredentials }): AdminClient;
  remove(): Promise<void>;
}

/** How far a realm is made. */
export type RealmState = "new" | "fixed";

/**
 * Makes a realm on the run's Keycloak.
 * @param line release line, such as `26.7`, or a server of the test's own
 * @param changes what its environment has beside the minimum
 * @param state `new`: as after `cdktf deploy`; `fixed`: as after `fix-policies`
 */
export async function testRealm(
  line: "26.4" | "26.7" | E2eKeycloak,
  changes: Partial<EnvironmentInput> = {},
  state: RealmState = "fixed",
): Promise<TestRealm> {
  const server = typeof line === "string" ? keycloak(line) : line;
  const name = `test-${randomBytes(5).toString("hex")}`;
  const target = targetFor(
    environment({
      mcpServers: [{ resource: "http://localhost:8000/mcp" }],
      ...changes,
      keycloak: { url: server.url, version: server.version },
      realm: { ...changes.realm, name },
    }),
    { kind: "client", realm: "master", clientId: server.clientId, clientSecret: server.clientSecret },
  );
  const client: TestRealm["client"] = ({ url = target.url, credentials = target.credentials, ...options } = {}) =>
    new AdminClient(url, name, credentials, { backoffMs: 5, ...options });
  const admin = client();
  await makeRealm(admin, target.definition);
  if (state === "fixed") await fixPolicies(admin, target.definition);
  return { ...target, admin, client, remove: () => deleteRealm(admin) };
}

/** Makes an administrator of the test's realm who has these roles only, and gives back its credentials. */
export async function adminWithRoles(realm: TestRealm, roles: readonly string[]): Promise<AdminCredentials> {
  const master = "/admin/realms/master";
  const clientId = `limited-${randomBytes(4).toString("hex")}`;
  const secret = randomBytes(16).toString("hex");
  const body = { clientId, secret, serviceAccountsEnabled: true, standardFlowEnabled: false, publicClient: false };
  await realm.admin.send({ method: "POST", path: `${master}/clients`, body });
  const id = async (name: string) =>
    (await realm.admin.send<{ id: string }[]>({ path: `${master}/clients`, query: { clientId: name } }))[0]!.id;
  const account = await realm.admin.send<{ id: string }>({
    path: `${master}/clients/${await id(clientId)}/service-account-user`,
  });
  const management = await id(`${realm.definition.realm}-realm`);
  const all = await realm.admin.send<{ name: string }[]>({ path: `${master}/clients/${management}/roles` });
  await realm.admin.send({
    method: "POST",
    path: `${master}/users/${account.id}/role-mappings/clients/${management}`,
    body: all.filter((role) => roles.includes(role.name)),
  });
  return { kind: "client", realm: "master", clientId, clientSecret: secret };
}
