import type { AdminClient } from "../keycloak/admin-client.ts";
import { deleteClient } from "../keycloak/realms.ts";
import { countSessions } from "../keycloak/sessions.ts";

/** Clients that are dealt with at a time: Keycloak has no request for several. */
const CONCURRENCY = 5;

/** `in use`: somebody has got a session with it since it was listed. `gone`: somebody else was faster. */
export type RemovalOutcome = "removed" | "in use" | "gone";

/**
 * Removes clients, by id, each after another look whether somebody has a session with it: three requests a client.
 * @param onOutcome called after each
 * @throws UserError where a request fails, or where the client's signal is aborted; the others are left then
 */
export async function removeUnused<Client extends { readonly id: string }>(
  admin: AdminClient,
  clients: readonly Client[],
  onOutcome: (client: Client, outcome: RemovalOutcome) => void,
): Promise<void> {
  const queue = clients.values();
  let failed = false;
  const worker = async () => {
    for (const client of queue) {
      if (failed) return;
      try {
        onOutcome(client, await removeOne(admin, client.id));
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: CONCURRENCY }, worker));
  const failure = ends.find((end) => end.status === "rejected");
  if (failure) throw failure.reason;
}

async function removeOne(admin: AdminClient, id: string): Promise<RemovalOutcome> {
  const sessions = await countSessions(admin, id);
  if (sessions === undefined) return "gone";
  if (sessions > 0) return "in use";
  await deleteClient(admin, id);
  return "removed";
}
