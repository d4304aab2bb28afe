import type { RealmDefinition } from "../../../realm/definition.ts";
import {
  realmRepresentation,
  resourceClientRepresentation,
  scopeRepresentation,
  spaClientRepresentation,
} from "../../../realm/representation.ts";
import type { AdminClient } from "../keycloak/admin-client.ts";
import {
  addRealmScope,
  createClientScope,
  listClientScopes,
  listRealmScopes,
  removeRealmScope,
  type ScopeList,
} from "../keycloak/client-scopes.ts";
import { createClient, createRealm } from "../keycloak/realms.ts";

/**
 * Makes the realm without Terraform, as Terraform would: settings and client policies first, so that Keycloak adds its
 * built-in scopes (a representation that lists scopes gets none of them), then scopes, lists and clients.
 * @param admin a client of the realm that is to be made
 */
export async function makeRealm(admin: AdminClient, definition: RealmDefinition): Promise<void> {
  await createRealm(admin, {
    ...realmRepresentation(definition),
    clientProfiles: { profiles: definition.clientProfiles as never },
    clientPolicies: { policies: definition.clientPolicies as never },
  });
  for (const scope of definition.mcpScopes) await createClientScope(admin, scopeRepresentation(scope));
  const ids = new Map((await listClientScopes(admin)).map((scope) => [scope.name!, scope.id!]));
  await setRealmScopes(admin, "default", definition.defaultScopes, ids);
  await setRealmScopes(admin, "optional", definition.optionalScopes, ids);
  for (const client of definition.resourceClients) await createClient(admin, resourceClientRepresentation(client));
  if (definition.spaClient) await createClient(admin, spaClientRepresentation(definition.spaClient));
}

async function setRealmScopes(
  admin: AdminClient,
  list: ScopeList,
  wanted: readonly string[],
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const live = await listRealmScopes(admin, list);
  await Promise.all(
    live.filter((scope) => !wanted.includes(scope.name!)).map((scope) => removeRealmScope(admin, list, scope.id!)),
  );
  const present = new Set(live.map((scope) => scope.name));
  for (const name of wanted.filter((scope) => !present.has(scope))) await addRealmScope(admin, list, ids.get(name)!);
}
