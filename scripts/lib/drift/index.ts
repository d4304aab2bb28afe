import type { RealmDefinition } from "../../../realm/definition.ts";
import {
  realmRepresentation,
  resourceClientRepresentation,
  scopeRepresentation,
  spaClientRepresentation,
} from "../../../realm/representation.ts";
import type { AdminClient } from "../keycloak/admin-client.ts";
import { listClientScopes, listRealmScopes, type ClientScope } from "../keycloak/client-scopes.ts";
import { listRegistrationPolicies } from "../keycloak/components.ts";
import { findClient, getClientPolicies, getClientProfiles, getRealm } from "../keycloak/realms.ts";
import { planRegistrationPolicies, type RegistrationChange } from "../policies/plan.ts";
import { diffClientPolicies } from "./client-policies.ts";
import { compareKnown, compareNamed, type Difference } from "./difference.ts";

/** The areas that differences are reported by, in the order of the report. */
export const DRIFT_AREAS = ["settings", "scopes", "clients", "client policies", "registration policies"] as const;

/** One of {@link DRIFT_AREAS}. */
export type DriftArea = (typeof DRIFT_AREAS)[number];

/**
 * Every difference between the definition and the live realm, however that was made.
 * @returns the differences by area; an empty list where there is none
 */
export async function findDrift(
  admin: AdminClient,
  definition: RealmDefinition,
): Promise<Record<DriftArea, Difference[]>> {
  const [realm, scopes, defaults, optionals, profiles, policies, components] = await Promise.all([
    getRealm(admin),
    listClientScopes(admin),
    listRealmScopes(admin, "default"),
    listRealmScopes(admin, "optional"),
    getClientProfiles(admin),
    getClientPolicies(admin),
    listRegistrationPolicies(admin),
  ]);
  const names = (list: readonly ClientScope[]) => list.map((scope) => scope.name);
  return {
    settings: compareKnown("realm", realmRepresentation(definition), realm),
    scopes: [
      ...diffScopes(definition, scopes),
      ...compareKnown("realm default scopes", definition.defaultScopes, names(defaults)),
      ...compareKnown("realm optional scopes", definition.optionalScopes, names(optionals)),
    ],
    clients: await diffClients(admin, definition),
    "client policies": diffClientPolicies(definition, { profiles, policies }),
    "registration policies": planRegistrationPolicies(definition, { components, scopes }).map(asDifference),
  };
}

function diffScopes(definition: RealmDefinition, live: readonly ClientScope[]): Difference[] {
  const name = (thing: object) => String((thing as { name?: string }).name);
  return definition.mcpScopes.flatMap((scope) => {
    const { protocolMappers, ...wanted } = scopeRepresentation(scope);
    const found = live.find((candidate) => candidate.name === scope.name);
    return [
      ...compareNamed("client scope", [wanted], live, name, "allowed"),
      // A mapper that nobody defined could write any claim into the tokens.
      ...(found
        ? compareNamed(
            `client scope ${scope.name}: mapper`,
            protocolMappers!,
            found.protocolMappers ?? [],
            name,
            "reported",
          )
        : []),
    ];
  });
}

async function diffClients(admin: AdminClient, definition: RealmDefinition): Promise<Difference[]> {
  const wanted = [
    ...definition.resourceClients.map(resourceClientRepresentation),
    ...(definition.spaClient ? [spaClientRepresentation(definition.spaClient)] : []),
  ];
  const live = await Promise.all(wanted.map((client) => findClient(admin, client.clientId!)));
  return compareNamed(
    "client",
    wanted,
    live.filter((client) => client !== undefined),
    (client) => String((client as { clientId?: string }).clientId),
    "allowed",
  );
}

/** A planned change, as the difference that it would mend. */
function asDifference(change: RegistrationChange): Difference {
  switch (change.action) {
    case "create":
      return { where: change.title, expected: "present", actual: undefined };
    case "delete":
      return { where: change.title, expected: undefined, actual: `present (${change.reason})` };
    case "update": {
      const values = (side: "wanted" | "live") =>
        change.changes.map((entry) => `${entry.key}: ${[...entry[side]].sort().join(", ") || "(none)"}`).join("; ");
      return { where: change.title, expected: values("wanted"), actual: values("live") };
    }
    case "list":
      return { where: `scope ${change.title}`, expected: "listed by discovery", actual: "not listed" };
    case "unlist":
      return { where: `scope ${change.title}`, expected: "not listed by discovery", actual: "listed" };
  }
}
