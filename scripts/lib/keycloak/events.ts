import type AdminEventRepresentation from "@keycloak/keycloak-admin-client/lib/defs/adminEventRepresentation.js";
import type EventRepresentation from "@keycloak/keycloak-admin-client/lib/defs/eventRepresentation.js";
import type { RealmEventsConfigRepresentation } from "@keycloak/keycloak-admin-client/lib/defs/realmEventsConfigRepresentation.js";
import type { AdminClient } from "./admin-client.ts";

/** What a realm saves of its events; `enabledEventTypes` is written out, also where it is Keycloak's own choice. */
export type EventsConfig = RealmEventsConfigRepresentation;

/** Something that a user or a client did. `time` is in milliseconds; it stays when its client is removed. */
export type UserEvent = EventRepresentation;

/** Something that was changed over the Admin API. `resourcePath` is below the realm, such as `clients/<id>`. */
export type AdminEvent = AdminEventRepresentation;

/** Which events to read. Times are milliseconds since 1970, and are included. */
export interface EventQuery {
  readonly from?: number;
  readonly to?: number;
  /** Events of a request. @default 1000 */
  readonly pageSize?: number;
}

/** What the realm saves. Needs the role view-events. */
export function getEventsConfig(admin: AdminClient): Promise<EventsConfig> {
  return admin.send({ path: "/events/config" });
}

/** The oldest user event that is still saved. */
export async function oldestUserEvent(admin: AdminClient): Promise<UserEvent | undefined> {
  return (await admin.send<UserEvent[]>({ path: "/events", query: { direction: "asc", max: 1 } }))[0];
}

/**
 * User events of some types, newest first.
 * @param types of those that the realm knows: Keycloak answers 500 to others
 */
export function userEvents(
  admin: AdminClient,
  types: readonly string[],
  query: EventQuery = {},
): AsyncGenerator<UserEvent, void> {
  const parameters = types.map((type): [string, string] => ["type", type]);
  return newestFirst<UserEvent>(admin, "/events", parameters, query);
}

/**
 * Admin events of some resources, newest first.
 * @param resourcePath below the realm; `*` stands for anything
 * @param operations such as `CREATE`
 */
export function adminEvents(
  admin: AdminClient,
  resourcePath: string,
  operations: readonly string[],
  query: EventQuery = {},
): AsyncGenerator<AdminEvent, void> {
  const parameters = operations.map((operation): [string, string] => ["operationTypes", operation]);
  return newestFirst<AdminEvent>(admin, "/admin-events", [["resourcePath", resourcePath], ...parameters], query);
}

/**
 * Reads page by page. A page begins at the time at which the one before ended, not at its number, so that events that
 * come or expire meanwhile move nothing; those of that very millisecond come twice.
 */
async function* newestFirst<Event extends { time?: number }>(
  admin: AdminClient,
  path: string,
  parameters: readonly [string, string][],
  { from, to, pageSize = 1000 }: EventQuery,
): AsyncGenerator<Event, void> {
  let dateTo = to;
  let first = 0;
  for (;;) {
    const query = new URLSearchParams([...parameters, ["first", String(first)], ["max", String(pageSize)]]);
    if (from !== undefined) query.set("dateFrom", String(from));
    if (dateTo !== undefined) query.set("dateTo", String(dateTo));
    const page = await admin.send<Event[]>({ path, query });
    yield* page;
    if (page.length < pageSize) return;
    const end = page.at(-1)!.time!;
    first = end === dateTo ? first + pageSize : 0;
    dateTo = end;
  }
}
