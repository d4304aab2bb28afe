import { setTimeout as sleep } from "node:timers/promises";
import type { AdminClient } from "../keycloak/admin-client.ts";
import { deleteClient, listClients } from "../keycloak/realms.ts";
import { deleteUser, searchUsers } from "../keycloak/users.ts";
import { PROBE_PREFIX } from "./context.ts";

const HOUR = 3_600_000;

/** Milliseconds before a run whose requests were not all answered looks again. */
const SECOND_LOOK = 1_500;

/**
 * Removes what this run made, and what a run that was killed left behind more than an hour ago. Finds it by name, so
 * that a client whose registration was never answered is found too.
 * @param tag the run's own tag
 */
async function removeProbes(admin: AdminClient, tag: string): Promise<{ clients: number; users: number }> {
  const mine = (name: string | undefined) => name !== undefined && (name === tag || isStale(name));
  // Listed whole before the first removal, which would move the pages.
  const clients = (await listClients(admin)).filter((client) => mine(client.name) || mine(client.clientId));
  const users = (await searchUsers(admin, PROBE_PREFIX)).filter((user) => mine(user.username));
  await Promise.all([
    ...clients.map((client) => deleteClient(admin, client.id!)),
    ...users.map((user) => deleteUser(admin, user.id!)),
  ]);
  return { clients: clients.length, users: users.length };
}

/**
 * The same at the end of a run. Where a request was not answered, because the run was interrupted or the time was up,
 * looks again until there is nothing more: the server may carry it out although nobody waits for it any more.
 */
export async function tidyUp(admin: AdminClient, tag: string, unanswered: boolean): Promise<void> {
  await removeProbes(admin, tag);
  for (let more = unanswered; more;) {
    await sleep(SECOND_LOOK);
    const { clients, users } = await removeProbes(admin, tag);
    more = clients + users > 0;
  }
}

/** `mcp-verify-<milliseconds>-<random>` of more than an hour ago. */
function isStale(name: string): boolean {
  const made = new RegExp(`^${PROBE_PREFIX}(\\d{13})-[0-9a-f]{8}$`).exec(name)?.[1];
  return made !== undefined && Date.now() - Number(made) > HOUR;
}
