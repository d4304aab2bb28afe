import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { serviceRole } from "../service-role.ts";
import { startTaskPolicy } from "./start-task.ts";

/** Props of {@link TaskRoles}. */
export interface TaskRolesProps {
  readonly name: string;
  readonly accountId: string;
  readonly repositoryArn: string;
  readonly logGroupArn: string;
  /** SSM parameters that become the container's secrets. */
  readonly secretArns: readonly string[];
  readonly exec: boolean;
}

/** The role that starts a task, and the role that Keycloak itself has: the second may do nothing. */
export class TaskRoles extends Construct {
  /** Of the agent: it pulls the image, reads the secrets and writes the log. */
  readonly executionRoleArn: string;
  /** Of Keycloak's own process. */
  readonly taskRoleArn: string;
  /** Their policies: without them no task starts, and none stops in order. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: TaskRolesProps) {
    super(scope, id);
    const service = "ecs-tasks.amazonaws.com";
    const { accountId } = props;
    const execution = serviceRole(this, "execution", {
      name: `${props.name}-execution`,
      service,
      accountId,
      policies: { "start-task": startTaskPolicy(this, { ...props, repositoryArns: [props.repositoryArn] }).json },
    });
    const task = serviceRole(this, "task", {
      name: `${props.name}-task`,
      service,
      accountId,
      policies: props.exec ? { exec: this.exec().json } : {},
    });
    this.executionRoleArn = execution.arn;
    this.taskRoleArn = task.arn;
    this.ready = [...execution.ready, ...task.ready];
  }

  /** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html#ecs-exec-required-iam-permissions */
  private exec(): DataAwsIamPolicyDocument {
    return new DataAwsIamPolicyDocument(this, "exec", {
      statement: [
        {
          sid: "EcsExecSessions",
          actions: [
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
          ],
          resources: ["*"],
        },
      ],
    });
  }
}
