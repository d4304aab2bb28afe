import type { AdminClient } from "./admin-client.ts";

/**
 * The clients that somebody has a session with, be it a login's or an offline one, by id (not client id): one request
 * for all. Needs the role view-realm.
 */
export async function clientsWithSessions(admin: AdminClient): Promise<ReadonlySet<string>> {
  const all = await admin.send<{ id: string; active: string; offline: string }[]>({ path: "/client-session-stats" });
  return new Set(all.filter(({ active, offline }) => Number(active) + Number(offline) > 0).map(({ id }) => id));
}

/**
 * Sessions that there are with one client, logins and offline ones.
 * @returns undefined where the client is gone
 */
export async function countSessions(admin: AdminClient, id: string): Promise<number | undefined> {
  const counts = await Promise.all(
    ["session-count", "offline-session-count"].map(async (kind) => {
      const answer = await admin.exchange({ path: `/clients/${id}/${kind}`, accept: [404] });
      return answer.status === 404 ? undefined : (answer.data as { count: number }).count;
    }),
  );
  return counts.includes(undefined) ? undefined : counts.reduce<number>((sum, count) => sum + count!, 0);
}
