import { loadEnvironment } from "../../environments/index.ts";
import type { Environment } from "../../environments/schema/index.ts";
import { realmDefinition, type RealmDefinition } from "../../realm/definition.ts";
import { adminCredentials, type AdminCredentials } from "./keycloak/credentials.ts";

/** The live realm that a command works on. */
export interface Target {
  readonly environment: string;
  /** Keycloak's base URL. */
  readonly url: string;
  readonly definition: RealmDefinition;
  readonly credentials: AdminCredentials;
}

/**
 * Finds out where an environment's realm is, what it should be, and how to log in to it.
 * @throws UserError where the environment has errors or no administrator is given
 */
export async function targetOf(name: string): Promise<Target> {
  return targetFor(await loadEnvironment(name), adminCredentials());
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
