import {
  DescribeTaskDefinitionCommand,
  ListTasksCommand,
  type ECSClient,
  type NetworkConfiguration,
} from "@aws-sdk/client-ecs";
import { BACKUP_TASKS, BUCKET_VARIABLE, TRANSFER, type BackupTask } from "../../../constructs/backup/tasks.ts";
import { backupTaskName, namePrefix } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { askAws } from "../aws/ask.ts";
import { describeService } from "../aws/service.ts";
import { UserError } from "../errors.ts";

/** Where a task of an environment runs, and what is there now. */
export interface BackupPlace {
  readonly cluster: string;
  /** ARN of the newest definition, with its revision. */
  readonly taskDefinition: string;
  readonly bucket: string;
  /** Subnets and security group of the service, which the task shares. */
  readonly network: NetworkConfiguration;
  /** Tasks of Keycloak that run, start or are wanted. */
  readonly keycloakTasks: number;
}

/**
 * The tasks that back up or restore, and have not ended yet: a command that was ended by force leaves its own behind.
 * @returns their ARNs
 * @throws UserError where AWS refuses
 */
export async function tasksUnderWay(
  { name }: EnvironmentOnAws,
  ecs: ECSClient,
  signal: AbortSignal,
): Promise<string[]> {
  const cluster = namePrefix(name);
  const found = await Promise.all(
    (Object.keys(BACKUP_TASKS) as BackupTask[]).map((task) => {
      const request = new ListTasksCommand({ cluster, family: backupTaskName(cluster, task) });
      return askAws("ecs:ListTasks", signal, () => ecs.send(request, { abortSignal: signal }));
    }),
  );
  return found.flatMap(({ taskArns = [] }) => taskArns);
}

/**
 * Looks up where an environment's task runs.
 * @throws UserError where the environment has no such task, is not deployed, or AWS refuses
 */
export async function backupPlace(
  environment: EnvironmentOnAws,
  task: BackupTask,
  ecs: ECSClient,
  signal: AbortSignal,
): Promise<BackupPlace> {
  const { name, aws } = environment;
  const cluster = namePrefix(name);
  const file = `environments/${name}.ts`;
  if (!aws.backup.enabled)
    throw new UserError(
      `${file} has no tasks to back up or restore with: set aws.backup: { enabled: true } in it, then run ` +
        `npm run deploy -- ${name}`,
    );
  const missing = `is not there yet in ${aws.region}. Make it: npm run deploy -- ${name}`;
  const family = backupTaskName(cluster, task);
  const service = await describeService(environment, signal, ecs, `The cluster "${cluster}" ${missing}`);
  if (!service?.networkConfiguration) throw new UserError(`The service "${cluster}" ${missing}`);
  const { taskDefinition } = await askAws(
    "ecs:DescribeTaskDefinition",
    signal,
    () => ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: family }), { abortSignal: signal }),
    { ClientException: `The task "${family}" ${missing}` },
  );
  const transfer = taskDefinition?.containerDefinitions?.find((container) => container.name === TRANSFER);
  const bucket = transfer?.environment?.find((variable) => variable.name === BUCKET_VARIABLE)?.value;
  if (!taskDefinition?.taskDefinitionArn || !bucket)
    throw new UserError(`The task definition ${family} names no bucket: npm run deploy -- ${name} mends it.`);
  return {
    cluster,
    taskDefinition: taskDefinition.taskDefinitionArn,
    bucket,
    network: service.networkConfiguration,
    keycloakTasks: Math.max(service.runningCount ?? 0, service.pendingCount ?? 0, service.desiredCount ?? 0),
  };
}
