import type { RealmDefinition } from "../../../realm/definition.ts";
import type { AdminClient } from "../keycloak/admin-client.ts";
import { planPruning, type PlanOptions, type PrunePlan, type UnusedClient } from "./plan.ts";
import { removeUnused, type RemovalOutcome } from "./remove.ts";

/** What a run found and did. */
export interface PruneResult extends PrunePlan {
  /** Whether removal was asked for. */
  readonly applied: boolean;
  /** How many came to what; all 0 unless applied. */
  readonly outcomes: Readonly<Record<RemovalOutcome, number>>;
}

/** How a run goes. */
export interface PruneOptions extends PlanOptions {
  /** Removes the unused clients. @default false */
  readonly apply?: boolean;
  /** Called with what was found; nothing is removed before it is done. */
  readonly onPlan?: (plan: PrunePlan) => void | Promise<void>;
  /** Called after each client that was dealt with. */
  readonly onOutcome?: (client: UnusedClient, outcome: RemovalOutcome) => void;
}

/**
 * Removes the clients that registered themselves and that nobody has used for some days; `hasRegisteredItself` and
 * `prove` say what that means exactly. What is not certain stays. The request for a client's removal is its own, so a
 * run can be interrupted at any time: the next one finds the others. Somebody who is on the login page of a client while
 * it is removed sees an error there.
 * @throws UserError where the realm's saved events prove nothing, or where a request fails
 */
export async function pruneClients(
  admin: AdminClient,
  definition: RealmDefinition,
  options: PruneOptions,
): Promise<PruneResult> {
  const plan = await planPruning(admin, definition, options);
  await options.onPlan?.(plan);
  const outcomes: Record<RemovalOutcome, number> = { removed: 0, "in use": 0, gone: 0 };
  if (options.apply)
    await removeUnused(admin, plan.unused, (client, outcome) => {
      outcomes[outcome] += 1;
      options.onOutcome?.(client, outcome);
    });
  return { ...plan, applied: options.apply ?? false, outcomes };
}
