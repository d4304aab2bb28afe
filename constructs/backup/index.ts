import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { WRITABLE_DIRECTORIES } from "../../keycloak-image/settings.ts";
import type { FargateCpu } from "../ecs/fargate.ts";
import { startTaskPolicy } from "../ecs/start-task.ts";
import { backupTaskName } from "../names.ts";
import { serviceRole, type ServiceRole } from "../service-role.ts";
import { repositoryArn } from "./images.ts";
import { BACKUP_TASKS, backupContainers, type BackupContainerProps, type BackupTask } from "./tasks.ts";

/** Props of {@link BackupTasks}; what the containers need is in {@link BackupContainerProps}. */
export interface BackupTasksProps extends BackupContainerProps {
  /** Prefix of the tasks' families and roles. */
  readonly name: string;
  readonly accountId: string;
  /** CPU units of a task; 1024 are one vCPU. */
  readonly cpu: FargateCpu;
  /** As the service's, since Keycloak's image is built for it. */
  readonly architecture: "ARM64" | "X86_64";
  /** Repository of Keycloak's image. */
  readonly repositoryArn: string;
  readonly logGroupArn: string;
  readonly bucketArn: string;
  readonly kmsKeyArn: string;
  /** What must be there before a task can run. */
  readonly after: readonly ITerraformDependable[];
}

const ECS_TASKS = "ecs-tasks.amazonaws.com";

/**
 * The definitions of {@link BACKUP_TASKS}, each with a role that may do nothing but write, or read, its own folder of the
 * bucket. Nothing runs them but the commands of the same names, so they cost nothing.
 */
export class BackupTasks extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: BackupTasksProps,
  ) {
    super(scope, id);
    const agent = this.agentRole();
    for (const task of Object.keys(BACKUP_TASKS) as BackupTask[]) this.taskDefinition(task, agent, this.taskRole(task));
  }

  private agentRole(): ServiceRole {
    const { name, accountId, logGroupArn, databasePasswordArn, postgresImage, awsCliImage } = this.props;
    const mirrors = [postgresImage, awsCliImage].flatMap((image) => repositoryArn(image) ?? []);
    const policy = startTaskPolicy(this, {
      repositoryArns: [...new Set([this.props.repositoryArn, ...mirrors])],
      logGroupArn,
      secretArns: [databasePasswordArn],
    });
    return serviceRole(this, "agent", {
      name: `${name}-backup-agent`,
      service: ECS_TASKS,
      accountId,
      policies: { "start-task": policy.json },
    });
  }

  private taskRole(task: BackupTask): ServiceRole {
    const { name, accountId } = this.props;
    return serviceRole(this, task, {
      name: backupTaskName(name, task),
      service: ECS_TASKS,
      accountId,
      policies: { transfer: this.mayTransfer(task).json },
    });
  }

  private mayTransfer(task: BackupTask): DataAwsIamPolicyDocument {
    const { bucketArn, kmsKeyArn, region } = this.props;
    const { direction, folder } = BACKUP_TASKS[task];
    const saves = direction === "save";
    return new DataAwsIamPolicyDocument(this, `${task}-transfer-document`, {
      statement: [
        {
          sid: saves ? "WriteItsFolder" : "ReadItsFolder",
          actions: saves ? ["s3:PutObject", "s3:AbortMultipartUpload"] : ["s3:GetObject"],
          resources: [`${bucketArn}/${folder}/*`],
        },
        {
          // S3 uses the key on behalf of the task; in parts, it reads what it has written to put them together.
          // https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
          sid: "UseTheKeyThroughS3",
          actions: saves ? ["kms:GenerateDataKey", "kms:Decrypt"] : ["kms:Decrypt"],
          resources: [kmsKeyArn],
          condition: [{ test: "StringEquals", variable: "kms:ViaService", values: [`s3.${region}.amazonaws.com`] }],
        },
      ],
    });
  }

  private taskDefinition(task: BackupTask, agent: ServiceRole, role: ServiceRole): void {
    const { props } = this;
    new EcsTaskDefinition(this, `${task}-definition`, {
      family: backupTaskName(props.name, task),
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(props.cpu),
      memory: String(props.memory),
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: props.architecture },
      executionRoleArn: agent.arn,
      taskRoleArn: role.arn,
      volume: Object.keys(WRITABLE_DIRECTORIES).map((name) => ({ name })),
      containerDefinitions: JSON.stringify(backupContainers(task, props)),
      dependsOn: [...agent.ready, ...role.ready, ...props.after],
    });
  }
}
