import { RealmClientPolicyProfile } from "@cdktf/provider-keycloak/realm-client-policy-profile";
import { RealmClientPolicyProfilePolicy } from "@cdktf/provider-keycloak/realm-client-policy-profile-policy";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import type { ClientPolicy, ClientProfile, PolicyValue } from "../realm/client-policies.ts";

/** Props of {@link ClientPolicies}. */
export interface ClientPoliciesProps {
  /** Reference to the realm's name. */
  readonly realmId: string;
  readonly profiles: readonly ClientProfile[];
  readonly policies: readonly ClientPolicy[];
}

/** Client profiles, and the policies that say to which requests they apply. */
export class ClientPolicies extends Construct {
  constructor(scope: Construct, id: string, { realmId, profiles, policies }: ClientPoliciesProps) {
    super(scope, id);
    // The provider reads the realm's whole list, changes one entry and writes the list back: two at once would lose
    // one of them, so each waits for the one before. Policies go first when all is destroyed.
    let previous: TerraformResource | undefined;
    const next = () => ({ realmId, dependsOn: previous && [previous] });

    for (const profile of profiles)
      previous = new RealmClientPolicyProfile(this, `profile-${profile.name}`, {
        ...next(),
        name: profile.name,
        description: profile.description,
        executor: profile.executors.map(({ executor, configuration }) => ({
          name: executor,
          configuration: values(configuration),
        })),
      });

    for (const policy of policies)
      previous = new RealmClientPolicyProfilePolicy(this, `policy-${policy.name}`, {
        ...next(),
        name: policy.name,
        description: policy.description,
        enabled: policy.enabled,
        profiles: [...policy.profiles],
        condition: policy.conditions.map(({ condition, configuration }) => ({
          name: condition,
          configuration: values(configuration),
        })),
      });
  }
}

/** The provider takes strings; lists as JSON. */
function values(configuration: Readonly<Record<string, PolicyValue>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(configuration).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
