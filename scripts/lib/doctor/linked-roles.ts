import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { askAws, clientOptions, undefinedOn } from "../aws/ask.ts";
import { UserError } from "../errors.ts";
import type { ActionGroup } from "./actions.ts";

/**
 * Roles that AWS's services make for themselves when they are used for the first time in an account, with the rights of
 * whoever uses them. https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
 */
const LINKED_ROLES = [
  "AWSServiceRoleForECS",
  "AWSServiceRoleForRDS",
  "AWSServiceRoleForElasticLoadBalancing",
  "AWSServiceRoleForApplicationAutoScaling_ECSService",
];

/**
 * What making those roles needs that are not there yet.
 * @returns nothing where all are there, or where nobody may look
 */
export async function linkedRoleActions(account: string, region: string, signal: AbortSignal): Promise<ActionGroup[]> {
  const client = new IAMClient(clientOptions(region));
  const isMissing = async (RoleName: string) => {
    const request = new GetRoleCommand({ RoleName });
    const role = await askAws(
      "iam:GetRole",
      signal,
      undefinedOn(["NoSuchEntityException", "NoSuchEntity"], () => client.send(request, { abortSignal: signal })),
    );
    return role === undefined;
  };
  try {
    const missing = await Promise.all(LINKED_ROLES.map(isMissing));
    if (!missing.includes(true)) return [];
  } catch (error) {
    if (!(error instanceof UserError) || signal.aborted) throw error;
    return [];
  }
  return [{ resources: [`arn:aws:iam::${account}:role/aws-service-role/*`], deploy: ["iam:CreateServiceLinkedRole"] }];
}
