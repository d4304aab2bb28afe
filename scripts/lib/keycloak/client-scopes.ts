import type ClientScopeRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientScopeRepresentation.js";
import type { AdminClient } from "./admin-client.ts";

/** A client scope as the Admin API gives it. */
export type ClientScope = ClientScopeRepresentation;

/** Which realm-wide list a scope is in. */
export type ScopeList = "default" | "optional";

/** All client scopes of the realm, with their mappers. */
export function listClientScopes(admin: AdminClient): Promise<ClientScope[]> {
  return admin.send({ path: "/client-scopes" });
}

/** Adds a client scope, mappers included. */
export async function createClientScope(admin: AdminClient, scope: ClientScope): Promise<void> {
  await admin.send({ method: "POST", path: "/client-scopes", body: scope });
}

/** Replaces a client scope: the representation must be whole, as it was read. */
export async function updateClientScope(admin: AdminClient, scope: ClientScope): Promise<void> {
  await admin.send({ method: "PUT", path: `/client-scopes/${scope.id}`, body: scope });
}

/** The scopes that new clients get, as `default` or as `optional` ones. */
export function listRealmScopes(admin: AdminClient, list: ScopeList): Promise<ClientScope[]> {
  return admin.send({ path: `/default-${list}-client-scopes` });
}

/** Puts a scope into one of the realm's lists. */
export async function addRealmScope(admin: AdminClient, list: ScopeList, id: string): Promise<void> {
  await admin.send({ method: "PUT", path: `/default-${list}-client-scopes/${id}` });
}

/** Takes a scope out of one of the realm's lists. */
export async function removeRealmScope(admin: AdminClient, list: ScopeList, id: string): Promise<void> {
  await admin.exchange({ method: "DELETE", path: `/default-${list}-client-scopes/${id}`, accept: [404] });
}
