import type { RealmDefinition } from "../../../realm/definition.ts";
import { UserError } from "../errors.ts";
import type { AdminClient } from "../keycloak/admin-client.ts";
import { updateClientScope } from "../keycloak/client-scopes.ts";
import {
  createRegistrationPolicy,
  deleteComponent,
  registrationPolicyProviders,
  updateComponent,
} from "../keycloak/components.ts";
import { readPolicies } from "../keycloak/partial-export.ts";
import { putClientPolicies } from "../keycloak/realms.ts";
import { planPolicies, type PolicyChange } from "./plan.ts";

/** What a run found and did. */
export interface FixResult {
  /** The difference between the live realm and its definition, before the run. */
  readonly changes: readonly PolicyChange[];
  /** Policies of the definition that this Keycloak does not have at all, by title. */
  readonly unavailable: readonly string[];
  /** Whether the changes were made, and read back. */
  readonly applied: boolean;
}

/** How a run goes. */
export interface FixOptions {
  /** Only finds the difference. @default false */
  readonly dryRun?: boolean;
  /** Called with the whole difference before the first change is made. */
  readonly onPlan?: (changes: readonly PolicyChange[]) => void;
  /** Called before each change. */
  readonly onChange?: (change: PolicyChange) => void;
}

/**
 * Brings the client registration policies, and which scopes discovery lists, to the definition: what release 5.6.0 of
 * the Terraform provider cannot hold. Restores client policies too, which it can make but not miss. Reads, computes the
 * difference, applies it and reads back. With nothing to change it sends two requests (login, read) and writes nothing.
 * @throws UserError where a request fails, or where the realm still differs afterwards; running it again is always safe
 */
export async function fixPolicies(
  admin: AdminClient,
  definition: RealmDefinition,
  options: FixOptions = {},
): Promise<FixResult> {
  const planned = planPolicies(definition, await readPolicies(admin));
  const { changes, unavailable } = await withoutUnavailable(admin, planned);
  options.onPlan?.(changes);
  if (changes.length === 0 || options.dryRun) return { changes, unavailable, applied: false };

  for (const change of changes) {
    options.onChange?.(change);
    await apply(admin, change);
  }
  const left = planPolicies(definition, await readPolicies(admin)).filter(
    (change) => !unavailable.includes(change.title),
  );
  if (left.length > 0)
    throw new UserError(
      `Keycloak accepted the changes, but reads back differently: ${left.map((change) => change.title).join(", ")}. ` +
        "Somebody may be changing the realm at the same time; run fix-policies again.",
    );
  return { changes, unavailable, applied: true };
}

/** Drops what cannot be created because this Keycloak has no such provider (an older release than defined). */
async function withoutUnavailable(
  admin: AdminClient,
  planned: readonly PolicyChange[],
): Promise<{ changes: PolicyChange[]; unavailable: string[] }> {
  if (!planned.some((change) => change.action === "create")) return { changes: [...planned], unavailable: [] };
  const providers = await registrationPolicyProviders(admin);
  const missing = (change: PolicyChange) => change.action === "create" && !providers.includes(change.policy.providerId);
  return {
    changes: planned.filter((change) => !missing(change)),
    unavailable: planned.filter(missing).map((change) => change.title),
  };
}

async function apply(admin: AdminClient, change: PolicyChange): Promise<void> {
  switch (change.action) {
    case "restore":
      return putClientPolicies(admin, change.clientPolicies);
    case "create": {
      const { name, providerId, subType, config } = change.policy;
      const values = Object.fromEntries(Object.entries(config).map(([key, list]) => [key, [...list]]));
      return createRegistrationPolicy(admin, { name, providerId, subType, config: values });
    }
    case "update":
      return updateComponent(admin, change.component);
    case "delete":
      return deleteComponent(admin, change.id);
    case "list":
    case "unlist":
      return updateClientScope(admin, change.scope);
  }
}
