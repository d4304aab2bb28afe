import type { RealmDefinition } from "../../../realm/definition.ts";
import { diffClientPolicies } from "../drift/client-policies.ts";
import { UserError } from "../errors.ts";
import type { AdminClient } from "../keycloak/admin-client.ts";
import { listClientScopes, updateClientScope } from "../keycloak/client-scopes.ts";
import {
  createRegistrationPolicy,
  deleteComponent,
  listRegistrationPolicies,
  registrationPolicyProviders,
  updateComponent,
} from "../keycloak/components.ts";
import { getClientPolicies, getClientProfiles } from "../keycloak/realms.ts";
import { planPolicies, type LivePolicies, type PolicyChange } from "./plan.ts";

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
 * the Terraform provider cannot hold. Reads, computes the difference, applies it and reads back.
 * With nothing to change it sends three requests (login, components, scopes) and writes nothing.
 * @throws UserError where a request fails, where removing Trusted Hosts would leave redirect URIs unguarded, or where
 * the realm still differs afterwards; running it again is always safe
 */
export async function fixPolicies(
  admin: AdminClient,
  definition: RealmDefinition,
  options: FixOptions = {},
): Promise<FixResult> {
  const planned = planPolicies(definition, await readLive(admin));
  const { changes, unavailable } = await withoutUnavailable(admin, planned);
  options.onPlan?.(changes);
  if (changes.length === 0 || options.dryRun) return { changes, unavailable, applied: false };

  if (changes.some(opensRegistration)) await assertGuarded(admin, definition);
  for (const change of changes) {
    options.onChange?.(change);
    await apply(admin, change);
  }
  const left = planPolicies(definition, await readLive(admin)).filter((change) => !unavailable.includes(change.title));
  if (left.length > 0)
    throw new UserError(
      `Keycloak accepted the changes, but reads back differently: ${left.map((change) => change.title).join(", ")}. ` +
        "Somebody may be changing the realm at the same time; run fix-policies again.",
    );
  return { changes, unavailable, applied: true };
}

async function readLive(admin: AdminClient): Promise<LivePolicies> {
  const components = await listRegistrationPolicies(admin);
  return { components, scopes: await listClientScopes(admin) };
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

function opensRegistration(change: PolicyChange): boolean {
  return change.action === "delete" && change.title.startsWith("Trusted Hosts");
}

/** Without Trusted Hosts, only the client policy stands between a stranger and any redirect URI. */
async function assertGuarded(admin: AdminClient, definition: RealmDefinition): Promise<void> {
  const differences = diffClientPolicies(definition, {
    profiles: await getClientProfiles(admin),
    policies: await getClientPolicies(admin),
  });
  if (differences.length === 0) return;
  throw new UserError(
    `Nothing was changed: removing Trusted Hosts would let anybody register any redirect URI, because the client ` +
      `policies of realm "${definition.realm}" are not as defined (${differences.map((d) => d.where).join(", ")}). ` +
      "Apply the realm stack first (npx cdktf deploy <environment>-realm), then run fix-policies again.",
  );
}

async function apply(admin: AdminClient, change: PolicyChange): Promise<void> {
  switch (change.action) {
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
