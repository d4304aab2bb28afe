import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { Arns, type ActionGroup } from "./actions/group.ts";
import { entranceActions, networkActions } from "./actions/network.ts";
import { dataActions, serviceActions } from "./actions/service.ts";

export type { ActionGroup } from "./actions/group.ts";

/**
 * What the credentials must be allowed to do for an environment's registry and keycloak stacks, its secrets and its
 * image; it depends on the environment's settings. For service-linked roles see linked-roles.ts.
 * @param account 12 digits
 */
export function neededActions(environment: EnvironmentOnAws, account: string): ActionGroup[] {
  const arns = new Arns(environment, account);
  return [...serviceActions(arns), ...networkActions(arns), ...entranceActions(arns), ...dataActions(arns)];
}
