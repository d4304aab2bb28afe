import { join } from "node:path";
import { loadEnvironment } from "../../../../environments/index.ts";
import { adminCredentials } from "../../../../scripts/lib/keycloak/credentials.ts";
import { targetFor, type Target } from "../../../../scripts/lib/target.ts";
import { isOnAws } from "../../../../environments/schema/on-aws.ts";
import type { CdktfOrders } from "./cdktf-orders.ts";
import * as infrastructure from "./infrastructure.ts";
import * as realm from "./realm-stack.ts";

/** What Terraform does with one stack. */
export interface StackParts {
  /** Addresses of what is not there. */
  missing(): Promise<string[]>;
  make(): Promise<void>;
  /** How many things were removed. */
  remove(): Promise<number>;
}

/** How it is asked for. */
export interface StackRequest {
  readonly orders: CdktfOrders;
  /** Whether it is limited to the database. */
  readonly databaseOnly: boolean;
  /** Ends as Terraform does where it fails. */
  readonly refuse: (...lines: string[]) => never;
}

/** Finds a stack by its name. */
export async function stackNamed(stack: string, request: StackRequest): Promise<StackParts> {
  const { orders, databaseOnly, refuse } = request;
  const environment = await loadEnvironment(orders.environment, join(process.cwd(), "environments"));
  if (!isOnAws(environment)) return realmParts(targetFor(environment, adminCredentials()), refuse);
  if (stack.endsWith("-registry"))
    return {
      missing: () => infrastructure.missingRegistry(environment),
      make: () => infrastructure.makeRegistry(environment),
      remove: () => infrastructure.removeRegistry(environment),
    };
  if (stack.endsWith("-keycloak"))
    return {
      missing: () => infrastructure.missingKeycloak(environment, databaseOnly, refuse),
      make: async () => {
        await infrastructure.makeDatabase(environment);
        if (databaseOnly) return;
        await infrastructure.makeService(environment);
        await realm.firstStart(environment, orders.keycloak);
      },
      remove: () => infrastructure.removeKeycloak(environment),
    };
  return realmParts(targetFor(environment, adminCredentials()), refuse);
}

function realmParts(target: Target, refuse: StackRequest["refuse"]): StackParts {
  return {
    missing: () => realm.missing(target, refuse),
    make: () => realm.make(target),
    // Nobody asks for it: the realm goes with its database, and its last snapshot must have it.
    remove: () => refuse("Error: the realm must not be deleted before the database's last snapshot"),
  };
}
