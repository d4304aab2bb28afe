import { REQUIREMENTS, type RequirementId } from "../../../requirements/index.ts";
import type { RealmDefinition } from "../../../realm/definition.ts";
import { messageOf, UserError } from "../errors.ts";
import { AdminClient, type AdminClientOptions } from "../keycloak/admin-client.ts";
import type { AdminCredentials } from "../keycloak/credentials.ts";
import { getRealm } from "../keycloak/realms.ts";
import { CheckSkipped, type Check } from "./check.ts";
import { discoveryChecks } from "./checks/discovery.ts";
import { driftChecks } from "./checks/drift.ts";
import { loginChecks } from "./checks/login.ts";
import { refusalChecks } from "./checks/refusals.ts";
import { registrationChecks } from "./checks/registration.ts";
import { tidyUp } from "./cleanup.ts";
import { VerifyContext } from "./context.ts";

/** All rows, in the order of the table. */
export const CHECKS: readonly Check[] = [
  ...discoveryChecks,
  ...registrationChecks,
  ...refusalChecks,
  ...loginChecks,
  ...driftChecks,
];

/** What came of one check. */
export interface VerifyRow {
  readonly id: RequirementId;
  readonly group: Check["group"];
  readonly behaviour: string;
  /** `gap`: this release of Keycloak is known not to do it, and does not. */
  readonly status: "pass" | "fail" | "gap" | "skip";
  readonly detail: string;
}

/** Where and as whom to verify. */
export interface VerifyTarget {
  /** Keycloak's base URL, such as `https://auth.example.com/auth`. */
  readonly url: string;
  readonly definition: RealmDefinition;
  readonly credentials: AdminCredentials;
}

/** How a run goes. */
export interface VerifyOptions {
  /** Also goes through the whole login as a temporary user. @default false */
  readonly login?: boolean;
  /** Called after each check. */
  readonly onRow?: (row: VerifyRow) => void;
  /** Ends the checks when it is aborted; what was made is removed all the same. */
  readonly signal?: AbortSignal;
  readonly client?: Omit<AdminClientOptions, "signal">;
}

/**
 * Proves on a live server that the realm works for MCP clients, and for nobody else.
 * Removes every client and user it made, also where it fails or is interrupted.
 * @returns one row per check
 * @throws UserError where the server cannot be reached, the login is refused, or something could not be removed
 */
export async function verify(target: VerifyTarget, options: VerifyOptions = {}): Promise<VerifyRow[]> {
  const { url, definition, credentials } = target;
  const admin = new AdminClient(url, definition.realm, credentials, { ...options.client, signal: options.signal });
  const context = new VerifyContext(admin, definition, {
    login: options.login ?? false,
    signal: options.signal,
    timeoutMs: options.client?.timeoutMs,
  });
  await getRealm(admin); // one clear error, instead of one per row, where nothing can work
  const rows: VerifyRow[] = [];
  try {
    for (const check of CHECKS) {
      options.signal?.throwIfAborted();
      const row = await runCheck(check, context);
      rows.push(row);
      options.onRow?.(row);
    }
    options.signal?.throwIfAborted();
    return rows;
  } finally {
    // A client of its own: the one above may have been aborted.
    const cleaner = new AdminClient(url, definition.realm, credentials, options.client);
    const unanswered = context.unanswered || options.signal?.aborted === true;
    await tidyUp(cleaner, context.tag, unanswered).catch((error: unknown) => {
      throw new UserError(
        `Clients and users named ${context.tag} could not be removed: ${messageOf(error)} ` +
          "The next run of verify removes them, one hour from now at the earliest.",
      );
    });
  }
}

async function runCheck(check: Check, context: VerifyContext): Promise<VerifyRow> {
  const { id, group } = check;
  const row = { id, group, behaviour: REQUIREMENTS[id].behaviour };
  const gap = context.definition.line.gaps[id];
  try {
    const detail = await check.run(context);
    if (gap === undefined) return { ...row, status: "pass", detail };
    return {
      ...row,
      status: "fail",
      detail: `passes, although it is listed as a gap of Keycloak ${context.definition.line.name}: remove it there`,
    };
  } catch (error) {
    context.options.signal?.throwIfAborted();
    if (error instanceof CheckSkipped) return { ...row, status: "skip", detail: error.message };
    if (gap !== undefined) return { ...row, status: "gap", detail: gap };
    return { ...row, status: "fail", detail: messageOf(error) };
  }
}
