import { randomBytes } from "node:crypto";
import type { AdminClient } from "../keycloak/admin-client.ts";
import { createUser, searchUsers, setPassword } from "../keycloak/users.ts";

/** A person of the local run, with a password that this run has made. */
export interface LocalUser {
  readonly username: string;
  readonly password: string;
}

/** A password that satisfies the realm's policy: 12 characters of four kinds. */
export function throwawayPassword(): string {
  return `${randomBytes(9).toString("base64url")}-Aa1`;
}

/** Makes the demo user, or gives the one of an earlier run (`--keep-data`) a new password. */
export async function makeDemoUser(admin: AdminClient): Promise<LocalUser> {
  const user = { username: "demo", password: throwawayPassword() };
  const known = (await searchUsers(admin, user.username)).find((candidate) => candidate.username === user.username);
  if (known) await setPassword(admin, known.id!, user.password);
  else await createUser(admin, { ...user, firstName: "Demo", lastName: "User", email: "demo@example.invalid" });
  return user;
}
