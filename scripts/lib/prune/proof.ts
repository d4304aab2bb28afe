import type { EventSettings } from "../../../realm/definition.ts";
import { ADMIN_EVENTS_EXPIRATION } from "../../../realm/representation.ts";
import { UserError } from "../errors.ts";
import type { EventsConfig } from "../keycloak/events.ts";
import type { RealmRepresentation } from "../keycloak/realms.ts";
import { counted } from "../terminal/counted.ts";
import { DAY, moment } from "../terminal/time.ts";

/** Events without which nothing is proved: how a session begins, and how a client does. */
const NEEDED = ["LOGIN", "CODE_TO_TOKEN", "CLIENT_REGISTER"] as const;

/** Every event that is a use of a client; those of other grants, and refreshes, count where the realm saves them. */
const USES: readonly string[] = [
  ...NEEDED,
  "CLIENT_UPDATE",
  "CLIENT_LOGIN",
  "TOKEN_EXCHANGE",
  "OAUTH2_DEVICE_CODE_TO_TOKEN",
  "AUTHREQID_TO_TOKEN",
  "REFRESH_TOKEN",
];

/** What the realm says of its events and sessions. Times in milliseconds since 1970. */
export interface Records {
  readonly events: EventsConfig;
  readonly realm: RealmRepresentation;
  /** Of the oldest event that is saved. */
  readonly oldestEvent?: number;
  /** Of the last saved admin event that changed which events are saved. */
  readonly configured?: number;
}

/** What to prove, and for whom. */
export interface Question {
  readonly days: number;
  readonly now: Date;
  /** For messages. */
  readonly environment: string;
  readonly realm: string;
  readonly wanted: EventSettings;
}

/** That the saved events are enough to tell which clients are unused. Times in milliseconds since 1970. */
export interface Proof {
  /**
   * A client without any event from here on has no login that could still have been in use `days` ago: a login ends after
   * the realm's longest session.
   */
  readonly from: number;
  /** Events of both kinds are complete from here on, or from earlier. Not after `from`. */
  readonly since: number;
  /** The types of events that count as use, as far as this realm saves them. */
  readonly types: readonly string[];
  /**
   * Days for which it is proved that no token was got, unless somebody ended the session himself. Fewer than asked where
   * an unused offline session ends sooner, since its last refresh may have been before that.
   */
  readonly unusedDays: number;
}

/**
 * Looks whether the realm's saved events reach back far enough, without a gap.
 *
 * Since when they are complete: the oldest one shows since when there are any, which covers both an expiration that was
 * shorter and somebody who cleared them; the last change of what is saved (an admin event of `events/config`, which the
 * console, Terraform and the Admin API leave) shows that nothing was switched off since. A change by an update of the
 * whole realm's representation is not seen.
 *
 * What that proves of a client without a session now and without an event from {@link Proof.from} on: nobody has logged
 * in with it since then, and a session from before cannot have lived on until today, unless it is an offline one that
 * was left unused for the realm's offline idle time, or that somebody ended (by logout, by taking back the consent, with
 * the user's account). Refreshes are not saved by default, and need not be: an offline session that was refreshed within
 * its idle time is still there to be seen.
 * @throws UserError where they do not, which says from when on they will
 */
export function prove({ events, realm, oldestEvent, configured }: Records, question: Question): Proof {
  const { days, now, environment, realm: name, wanted } = question;
  const file = `environments/${environment}.ts`;
  const refuse = (what: string, next: string): never => {
    throw new UserError(`Which clients are unused cannot be told: ${what} ${next}`);
  };
  const turnOn = (setting: string, on: boolean) =>
    (on ? "" : `Set realm.events.${setting} to true in ${file}. `) +
    `npm run deploy -- ${environment} --from realm turns it on; ${counted(days, "day")} later clients can be pruned.`;

  if (!events.eventsEnabled)
    refuse(`realm ${name} saves no logins (user events are off).`, turnOn("logins", wanted.userEvents));
  const types = USES.filter((type) => events.enabledEventTypes?.includes(type));
  const missing = NEEDED.filter((type) => !types.includes(type));
  if (missing.length > 0)
    refuse(
      `realm ${name} does not save events of type ${missing.join(", ")}.`,
      `Save them (realm settings, Events, User events settings); ${counted(days, "day")} later clients can be pruned.`,
    );
  if (!events.adminEventsEnabled)
    refuse(
      `realm ${name} does not save who changed what (admin events are off), so the saving of logins may have been interrupted unseen.`,
      turnOn("adminChanges", wanted.adminEvents),
    );

  const longest = longestSession(realm);
  const from = now.getTime() - days * DAY - longest;
  const retention = shortest(events.eventsExpiration, realm.attributes?.[ADMIN_EVENTS_EXPIRATION]);
  // A day for the difference: what is a moment from expiring may be gone while it is being read.
  const most = Math.floor((retention - longest) / DAY) - 1;
  if (days > most)
    refuse(
      `realm ${name} keeps events for ${counted(Math.floor(retention / DAY), "day")} only, and a session may last ${hours(longest)}.`,
      most >= 1
        ? `Use --days ${most} or fewer, or keep them longer: realm.events.retentionDays in ${file}.`
        : `Keep them longer: realm.events.retentionDays in ${file}.`,
    );
  if (oldestEvent === undefined)
    refuse(`realm ${name} has saved no event yet.`, `It will be possible ${counted(days, "day")} after the first one.`);
  const since = Math.max(oldestEvent!, configured ?? 0);
  if (since > from) {
    const possible = Math.floor((now.getTime() - longest - since) / DAY);
    const reason =
      since === configured ? "which events are saved was changed then" : "the oldest event that is saved is of then";
    refuse(
      `the saved events of realm ${name} are complete only since ${moment(since)}: ${reason}.`,
      `For --days ${days} it will be possible from ${moment(since + days * DAY + longest)} on` +
        (possible >= 1 ? `; until then, use --days ${possible} or fewer.` : "."),
    );
  }

  const idle = types.includes("REFRESH_TOKEN") ? Infinity : (realm.offlineSessionIdleTimeout ?? 0) / 86_400;
  return { from, since, types, unusedDays: Math.min(days, Math.floor(idle)) };
}

/** Milliseconds that a session lasts at most, counted from its login. Offline ones count where they have an end at all. */
function longestSession(realm: RealmRepresentation): number {
  const seconds = [
    realm.ssoSessionMaxLifespan ?? 0,
    realm.rememberMe ? (realm.ssoSessionMaxLifespanRememberMe ?? 0) : 0,
    realm.offlineSessionMaxLifespanEnabled ? (realm.offlineSessionMaxLifespan ?? 0) : 0,
  ];
  return Math.max(...seconds) * 1000;
}

/** The shorter of two retentions in seconds, as milliseconds; none and 0 are for ever. */
function shortest(...seconds: unknown[]): number {
  return Math.min(...seconds.map((value) => Number(value ?? 0) || Infinity)) * 1000;
}

function hours(milliseconds: number): string {
  return milliseconds % DAY === 0 ? counted(milliseconds / DAY, "day") : `${Math.ceil(milliseconds / 3_600_000)} h`;
}
