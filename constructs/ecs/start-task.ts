import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import type { Construct } from "constructs";

/** What the ECS agent needs to start a task. */
export interface StartTaskProps {
  /** ECR repositories of its images. */
  readonly repositoryArns: readonly string[];
  readonly logGroupArn: string;
  /** SSM parameters that become secrets of its containers. */
  readonly secretArns: readonly string[];
}

/**
 * What an execution role may do: pull the images, write the log, read the secrets.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
export function startTaskPolicy(scope: Construct, { repositoryArns, logGroupArn, secretArns }: StartTaskProps) {
  return new DataAwsIamPolicyDocument(scope, "start-task", {
    statement: [
      { sid: "LogInToEcr", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
      {
        sid: "PullTheImage",
        actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        resources: [...repositoryArns],
      },
      {
        sid: "WriteTheLog",
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [`${logGroupArn}:*`],
      },
      { sid: "ReadTheSecrets", actions: ["ssm:GetParameters"], resources: [...secretArns] },
    ],
  });
}
