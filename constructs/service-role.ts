import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";

/** A role that one AWS service takes, for this account only. */
export interface ServiceRoleProps {
  readonly name: string;
  /** Such as `ecs-tasks.amazonaws.com`. */
  readonly service: string;
  readonly accountId: string;
  /** What it may do: policy documents as JSON, by name. */
  readonly policies: Readonly<Record<string, string>>;
}

/** A role that has been made. */
export interface ServiceRole {
  readonly arn: string;
  readonly name: string;
  /** Its policies: what uses the role comes after them, and goes before them. */
  readonly ready: readonly ITerraformDependable[];
}

/**
 * Makes a role. Its trust names the account, so that the service takes it on behalf of nobody else (confused deputy).
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function serviceRole(
  scope: Construct,
  id: string,
  { name, service, accountId, policies }: ServiceRoleProps,
): ServiceRole {
  const trust = new DataAwsIamPolicyDocument(scope, `${id}-trust`, {
    statement: [
      {
        actions: ["sts:AssumeRole"],
        principals: [{ type: "Service", identifiers: [service] }],
        condition: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [accountId] }],
      },
    ],
  });
  const role = new IamRole(scope, id, { name, assumeRolePolicy: trust.json });
  const ready = Object.entries(policies).map(
    ([policyName, policy]) =>
      new IamRolePolicy(scope, `${id}-${policyName}`, { name: policyName, role: role.name, policy }),
  );
  return { arn: role.arn, name: role.name, ready };
}
