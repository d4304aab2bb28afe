import type ClientPoliciesRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientPoliciesRepresentation.js";
import type ClientProfilesRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientProfilesRepresentation.js";
import type { RealmDefinition } from "../../../realm/definition.ts";
import { compareKnown, compareNamed, type Difference } from "./difference.ts";

/** The live client policies. */
export interface LiveClientPolicies {
  readonly profiles: ClientProfilesRepresentation["profiles"];
  readonly policies: ClientPoliciesRepresentation["policies"];
}

/**
 * Differences in client profiles and policies.
 * @param others whether ones that nobody defined are differences too, since they could open holes
 */
export function diffClientPolicies(
  definition: RealmDefinition,
  live: LiveClientPolicies,
  others: "allowed" | "reported" = "reported",
): Difference[] {
  const name = (thing: object) => String((thing as { name?: string }).name);
  const profiles = live.profiles ?? [];
  return [
    ...compareNamed("client profile", withoutExecutors(definition.clientProfiles), profiles, name, others),
    ...definition.clientProfiles.flatMap((wanted) => {
      const executors = profiles.find((profile) => profile.name === wanted.name)?.executors;
      return executors ? diffExecutors(wanted.name, wanted.executors, executors) : [];
    }),
    ...compareNamed("client policy", definition.clientPolicies, live.policies ?? [], name, others),
  ];
}

const withoutExecutors = (profiles: RealmDefinition["clientProfiles"]) =>
  profiles.map(({ name, description }) => ({ name, description }));

type LiveExecutors = NonNullable<NonNullable<ClientProfilesRepresentation["profiles"]>[number]["executors"]>;

/** Executors have an order, and some come more than once: they are compared one by one. */
function diffExecutors(
  profile: string,
  expected: RealmDefinition["clientProfiles"][number]["executors"],
  actual: LiveExecutors,
): Difference[] {
  const length = Math.max(expected.length, actual.length);
  return Array.from({ length }, (_, index) => index).flatMap((index): Difference[] => {
    const wanted = expected[index];
    const live = actual[index];
    const where = `client profile ${profile}: executor ${index + 1} (${wanted?.executor ?? String(live?.executor)})`;
    if (!wanted || !live || wanted.executor !== live.executor)
      return [{ where, expected: wanted?.executor, actual: live?.executor }];
    return compareKnown(where, wanted.configuration, live.configuration ?? {});
  });
}
