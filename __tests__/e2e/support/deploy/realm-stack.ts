import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { BOOTSTRAP_ADMIN } from "../../../../constructs/ecs/container.ts";
import { secretNames } from "../../../../constructs/names.ts";
import { clientOptions } from "../../../../scripts/lib/aws/ask.ts";
import { AdminClient } from "../../../../scripts/lib/keycloak/admin-client.ts";
import { deleteRealm } from "../../../../scripts/lib/keycloak/realms.ts";
import { makeRealm } from "../../../../scripts/lib/realm/create-realm.ts";
import type { Target } from "../../../../scripts/lib/target.ts";
import type { EnvironmentOnAws } from "../../../../environments/schema/on-aws.ts";
import type { CdktfOrders } from "./cdktf-orders.ts";

/** On the real Keycloak: what the tasks do when they start first, and what the realm's stack makes. */

/** Makes the administrator as Keycloak does on an empty database; the password that is there later is ignored. */
export async function firstStart(
  { name, aws }: EnvironmentOnAws,
  { url, clientId, clientSecret }: CdktfOrders["keycloak"],
): Promise<void> {
  const master = new AdminClient(url, "master", { kind: "client", realm: "master", clientId, clientSecret });
  const query = { username: BOOTSTRAP_ADMIN, exact: true };
  if ((await master.send<unknown[]>({ path: "/users", query })).length > 0) return;
  const { Parameter } = await new SSMClient(clientOptions(aws.region)).send(
    new GetParameterCommand({ Name: secretNames(name).adminPassword, WithDecryption: true }),
  );
  await master.send({
    method: "POST",
    path: "/users",
    body: {
      username: BOOTSTRAP_ADMIN,
      enabled: true,
      credentials: [{ type: "password", value: Parameter!.Value, temporary: false }],
    },
  });
  const [user] = await master.send<{ id: string }[]>({ path: "/users", query });
  const role = await master.send({ path: "/roles/admin" });
  await master.send({ method: "POST", path: `/users/${user!.id}/role-mappings/realm`, body: [role] });
}

/** Removes the administrator: the database is empty again. */
export async function forget({ url, clientId, clientSecret }: CdktfOrders["keycloak"], realm: string): Promise<void> {
  const credentials = { kind: "client", realm: "master", clientId, clientSecret } as const;
  const master = new AdminClient(url, "master", credentials);
  const users = await master.send<{ id: string }[]>({
    path: "/users",
    query: { username: BOOTSTRAP_ADMIN, exact: true },
  });
  for (const { id } of users) await master.exchange({ method: "DELETE", path: `/users/${id}` });
  await deleteRealm(new AdminClient(url, realm, credentials));
}

/** What Terraform would make; it logs in as the variables say, or fails. */
export async function missing(target: Target, refuse: (...lines: string[]) => never): Promise<string[]> {
  const { status } = await client(target)
    .exchange({ path: "", accept: [404] })
    .catch((error: Error) => refuse(`Error: error initializing keycloak provider: ${error.message}`));
  return status === 404 ? ["keycloak_realm.realm"] : [];
}

export async function make(target: Target): Promise<void> {
  if ((await missing(target, throwing)).length > 0) await makeRealm(client(target), target.definition);
}

function client({ url, definition, credentials }: Target): AdminClient {
  return new AdminClient(url, definition.realm, credentials);
}

function throwing(...lines: string[]): never {
  throw new Error(lines.join("\n"));
}
