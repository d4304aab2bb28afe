import type ClientPoliciesRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientPoliciesRepresentation.js";
import type ClientProfilesRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientProfilesRepresentation.js";
import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import type RealmRepresentation from "@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js";
import type { AdminClient } from "./admin-client.ts";

export type { ClientRepresentation, RealmRepresentation };

/** Makes a realm; the names of its parts are Keycloak's. */
export async function createRealm(admin: AdminClient, realm: RealmRepresentation): Promise<void> {
  await admin.send({ method: "POST", path: "/admin/realms", body: realm });
}

/** The realm's own settings. */
export function getRealm(admin: AdminClient): Promise<RealmRepresentation> {
  return admin.send({ path: "" });
}

/** Removes the realm and everything in it. */
export async function deleteRealm(admin: AdminClient): Promise<void> {
  await admin.exchange({ method: "DELETE", path: "", accept: [404] });
}

/** The realm's own client profiles, without Keycloak's global ones. */
export async function getClientProfiles(admin: AdminClient): Promise<ClientProfilesRepresentation["profiles"]> {
  return (await admin.send<ClientProfilesRepresentation>({ path: "/client-policies/profiles" })).profiles;
}

/** The realm's own client policies, without Keycloak's global ones. */
export async function getClientPolicies(admin: AdminClient): Promise<ClientPoliciesRepresentation["policies"]> {
  return (await admin.send<ClientPoliciesRepresentation>({ path: "/client-policies/policies" })).policies;
}

/**
 * Replaces the realm's own client profiles, then its client policies, which name them. Until the second request is
 * through, the policies that were there hold with the new profiles.
 */
export async function putClientPolicies(
  admin: AdminClient,
  { profiles, policies }: ClientProfilesRepresentation & ClientPoliciesRepresentation,
): Promise<void> {
  await admin.send({ method: "PUT", path: "/client-policies/profiles", body: { profiles } });
  await admin.send({ method: "PUT", path: "/client-policies/policies", body: { policies } });
}

/** The client with that client id. */
export async function findClient(admin: AdminClient, clientId: string): Promise<ClientRepresentation | undefined> {
  return (await admin.send<ClientRepresentation[]>({ path: "/clients", query: { clientId } }))[0];
}

/**
 * All clients, in the order of their client ids, page by page. One that comes or goes meanwhile may move the pages.
 * @param pageSize clients of a request
 */
export async function listClients(admin: AdminClient, pageSize = 500): Promise<ClientRepresentation[]> {
  const clients: ClientRepresentation[] = [];
  for (;;) {
    const query = { first: clients.length, max: pageSize };
    const page = await admin.send<ClientRepresentation[]>({ path: "/clients", query });
    clients.push(...page);
    if (page.length < pageSize) return clients;
  }
}

/** Adds a client. */
export async function createClient(admin: AdminClient, client: ClientRepresentation): Promise<void> {
  await admin.send({ method: "POST", path: "/clients", body: client });
}

/** Removes a client by its id (not its client id); one that is gone already is no error. */
export async function deleteClient(admin: AdminClient, id: string): Promise<void> {
  await admin.exchange({ method: "DELETE", path: `/clients/${id}`, accept: [404] });
}
