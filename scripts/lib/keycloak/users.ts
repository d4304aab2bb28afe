import type UserRepresentation from "@keycloak/keycloak-admin-client/lib/defs/userRepresentation.js";
import type { AdminClient } from "./admin-client.ts";

/** A user as the Admin API gives it. */
export type User = UserRepresentation;

/** Adds a user who can log in at once: nothing is left to verify or to fill in. */
export async function createUser(
  admin: AdminClient,
  user: { username: string; password: string; firstName: string; lastName: string; email: string },
): Promise<void> {
  const { password, ...profile } = user;
  await admin.send({
    method: "POST",
    path: "/users",
    body: {
      ...profile,
      enabled: true,
      emailVerified: true,
      requiredActions: [],
      credentials: [{ type: "password", value: password, temporary: false }],
    },
  });
}

/** Users whose name contains the text. */
export function searchUsers(admin: AdminClient, text: string): Promise<User[]> {
  return admin.send({ path: "/users", query: { username: text, exact: false, max: 1000, briefRepresentation: true } });
}

/** Removes a user by its id; one that is gone already is no error. */
export async function deleteUser(admin: AdminClient, id: string): Promise<void> {
  await admin.exchange({ method: "DELETE", path: `/users/${id}`, accept: [404] });
}

/** Gives a user another password. */
export async function setPassword(admin: AdminClient, id: string, password: string): Promise<void> {
  const body = { type: "password", value: password, temporary: false };
  await admin.send({ method: "PUT", path: `/users/${id}/reset-password`, body });
}
