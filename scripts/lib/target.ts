import { loadEnvironment } from "../../environments/index.ts";
import type { Environment } from "../../environments/schema/index.ts";
import { realmDefinition, type RealmDefinition } from "../../realm/definition.ts";
import { adminCredentials, hasAdminVariables, type AdminCredentials } from "./keycloak/credentials.ts";
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

/**
 * Finds out where an environment's realm is, what it should be, and how to log in to it. While `npm run local` runs,
 * the environment `local` is that run, unless the variables name another administrator.
 * @throws UserError where the environment has errors or no administrator is given
 */
export async function targetOf(name: string): Promise<Target> {
  const environment = await loadEnvironment(name);
  const running = name === "local" && !hasAdminVariables() ? readLocalState() : undefined;
  if (running) return targetFor(withAddresses(environment, running), running.credentials);
  return targetFor(environment, adminCredentials());
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
