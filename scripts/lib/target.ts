import { loadEnvironment } from "../../environments/index.ts";
import type { Environment } from "../../environments/schema/index.ts";
import { realmDefinition, type RealmDefinition } from "../../realm/definition.ts";
import { isOnAws, type EnvironmentOnAws } from "../../environments/schema/on-aws.ts";
import { administratorOf } from "./aws/administrator.ts";
import { messageOf, UserError } from "./errors.ts";
import { AdminClient } from "./keycloak/admin-client.ts";
import { adminCredentials, hasAdminVariables, noAdministrator, type AdminCredentials } from "./keycloak/credentials.ts";
import { withAddresses } from "./local/environment.ts";
import { readLocalState } from "./local/state.ts";

/** The live realm that a command works on. */
export interface Target {
  readonly environment: string;
  /** Keycloak's base URL. */
  readonly url: string;
  readonly definition: RealmDefinition;
  readonly credentials: AdminCredentials;
}

/** How {@link targetOf} finds an administrator, for the help of commands. */
export const LOG_IN_HELP =
  "Logs in as KEYCLOAK_USER and KEYCLOAK_PASSWORD, or KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET; on AWS without " +
  "these as the administrator whose password is in SSM.";

/**
 * Finds out where an environment's realm is, what it should be, and how to log in to it. Unless the variables name an
 * administrator, the environment `local` is what `npm run local` runs, and one on AWS has the administrator of its first
 * start.
 * @throws UserError where the environment has errors or no administrator is to be had
 */
export async function targetOf(name: string, signal: AbortSignal): Promise<Target> {
  const environment = await loadEnvironment(name);
  if (hasAdminVariables()) return targetFor(environment, adminCredentials());
  const running = name === "local" ? readLocalState() : undefined;
  if (running) return targetFor(withAddresses(environment, running), running.credentials);
  if (isOnAws(environment)) return targetFor(environment, await administratorOnAws(environment, signal));
  return targetFor(environment, adminCredentials());
}

/** Where AWS has no password to give either, the variables are still the first thing to try. */
async function administratorOnAws(environment: EnvironmentOnAws, signal: AbortSignal): Promise<AdminCredentials> {
  try {
    return await administratorOf(environment, signal);
  } catch (error) {
    if (!(error instanceof UserError) || signal.aborted) throw error;
    throw new UserError(
      `${noAdministrator().message} That of the first start could not be had from AWS: ${messageOf(error)}`,
    );
  }
}

/** The target of an environment that is loaded already. */
export function targetFor(environment: Environment, credentials: AdminCredentials): Target {
  return {
    environment: environment.name,
    url: environment.keycloak.url,
    definition: realmDefinition(environment),
    credentials,
  };
}

/** What reports say of it. */
export function aboutTarget({ environment, url, definition }: Target) {
  return { environment, url, realm: definition.realm };
}

/** The Admin API of its realm. */
export function adminOf({ url, definition, credentials }: Target, signal: AbortSignal): AdminClient {
  return new AdminClient(url, definition.realm, credentials, { signal });
}
