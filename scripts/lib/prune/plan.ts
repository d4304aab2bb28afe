import type { RealmDefinition } from "../../../realm/definition.ts";
import { UserError } from "../errors.ts";
import type { AdminClient } from "../keycloak/admin-client.ts";
import {
  adminEvents,
  getEventsConfig,
  oldestUserEvent,
  userEvents,
  type AdminEvent,
  type UserEvent,
} from "../keycloak/events.ts";
import { getRealm, listClients, type ClientRepresentation } from "../keycloak/realms.ts";
import { clientsWithSessions } from "../keycloak/sessions.ts";
import { prove, type Proof } from "./proof.ts";
import { hasRegisteredItself } from "./self-registered.ts";

/** A client that nobody uses. */
export interface UnusedClient {
  readonly id: string;
  readonly clientId: string;
  /** As it calls itself: text from outside. */
  readonly name?: string;
  /** Milliseconds since 1970; undefined where that event has expired. */
  readonly registered?: number;
}

/** What was found, before anything is removed. */
export interface PrunePlan {
  /** Clients that there are, built-in ones included: what Keycloak counts for its limit. */
  readonly clients: number;
  /** From how many on nobody can register, as defined. */
  readonly maxClients: number;
  readonly days: number;
  readonly proof: Proof;
  readonly unused: readonly UnusedClient[];
  /** How many stay, and why: the first reason that holds, in this order. */
  readonly kept: {
    /** Not certainly self-registered: built-in, of the definition, made or changed by an administrator. */
    readonly notSelfRegistered: number;
    /** Somebody has a session with it now. */
    readonly inUse: number;
    /** Registered, changed itself or logged somebody in since {@link Proof.from}. */
    readonly recent: number;
  };
}

/** What to look for, and how. */
export interface PlanOptions {
  /** Name of the environment, for messages. */
  readonly environment: string;
  /** How long a client must have been unused. */
  readonly days: number;
  /** @default the time at which it is called */
  readonly now?: Date;
  /** Clients, or events, of a request. @default 500 and 1000 */
  readonly pageSize?: number;
}

/**
 * Finds the clients that registered themselves and that nobody uses. Takes 6 requests, and one per 500 clients, 1000
 * saved events of use, 1000 registrations and 1000 changes of clients by administrators: at least 10. Events are read in
 * one pass each, since asking by client would take a request and a scan of the realm's events for every one.
 * @throws UserError where the realm's saved events prove nothing, or where a request fails
 */
export async function planPruning(
  admin: AdminClient,
  definition: RealmDefinition,
  { environment, days, now = new Date(), pageSize }: PlanOptions,
): Promise<PrunePlan> {
  const maxClients = maxClientsOf(definition);
  const realm = await getRealm(admin); // alone, so that it logs in once, and a realm that is not there is one clear error
  const [events, oldest, configured, listed, sessions] = await Promise.all([
    getEventsConfig(admin),
    oldestUserEvent(admin),
    first(adminEvents(admin, "events/config", ["UPDATE"], { pageSize: 1 })),
    listClients(admin, pageSize),
    clientsWithSessions(admin),
  ]);
  const clients = new Map(listed.map((client) => [client.id!, client])); // one may be on two pages
  const full = { environment, clients: clients.size, maxClients };
  const proof = orHowFull(full, () =>
    prove(
      { realm, events, oldestEvent: oldest?.time, configured: configured?.time },
      { days, now, environment, realm: definition.realm, wanted: definition.settings.events },
    ),
  );

  // After the sessions: a login that was begun meanwhile is among the ones or the others.
  const [recent, registered, administered] = await Promise.all([
    clientIdsOf(userEvents(admin, proof.types, { from: proof.from, pageSize })),
    registrationTimes(userEvents(admin, ["CLIENT_REGISTER"], { from: proof.since, pageSize })),
    changedClients(adminEvents(admin, "clients/*", ["CREATE", "UPDATE", "ACTION"], { pageSize })),
  ]);
  const kept = { notSelfRegistered: 0, inUse: 0, recent: 0 };
  const unused: UnusedClient[] = [];
  for (const [id, client] of clients) {
    const { clientId, name } = client as ClientRepresentation & { clientId: string };
    if (!hasRegisteredItself(client, definition, { registered, administered })) kept.notSelfRegistered += 1;
    else if (sessions.has(id)) kept.inUse += 1;
    else if (recent.has(clientId)) kept.recent += 1;
    else unused.push({ id, clientId, name, registered: registered.get(clientId) });
  }
  return { clients: clients.size, maxClients, days, proof, unused, kept };
}

/** The limit that the registration policies set. */
function maxClientsOf({ registrationPolicies }: RealmDefinition): number {
  const limit = registrationPolicies.find(({ providerId }) => providerId === "max-clients");
  return Number(limit?.config["max-clients"]?.[0]);
}

/** Adds to a refusal how full the realm is: whoever is refused may be in a hurry. */
function orHowFull<Result>(
  { environment, clients, maxClients }: { environment: string; clients: number; maxClients: number },
  work: () => Result,
): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `${error.message} The realm has ${clients} of at most ${maxClients} clients: where it fills up before that, raise ` +
        `registration.maxClients in environments/${environment}.ts and run npm run fix-policies -- ${environment}.`,
    );
  }
}

async function clientIdsOf(events: AsyncIterable<UserEvent>): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const { clientId } of events) if (clientId) ids.add(clientId);
  return ids;
}

/** When clients registered; the last time where a client id was given again. */
async function registrationTimes(events: AsyncIterable<UserEvent>): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  for await (const { clientId, time } of events) if (clientId && !times.has(clientId)) times.set(clientId, time!);
  return times;
}

/** Ids of the clients that admin events are about: `clients/<id>`, and everything below that. */
async function changedClients(events: AsyncIterable<AdminEvent>): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const { resourcePath } of events) ids.add(resourcePath!.split("/")[1]!);
  return ids;
}

async function first<Event>(events: AsyncIterable<Event>): Promise<Event | undefined> {
  for await (const event of events) return event;
  return undefined;
}
