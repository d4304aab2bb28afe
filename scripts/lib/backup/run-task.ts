import { DescribeTasksCommand, type ECSClient, RunTaskCommand, StopTaskCommand, type Task } from "@aws-sdk/client-ecs";
import { KEY_VARIABLE, TRANSFER, WORK, type BackupTask } from "../../../constructs/backup/tasks.ts";
import { logGroupName } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { askAws } from "../aws/ask.ts";
import { howContainersEnded } from "../aws/stopped-tasks.ts";
import { messageOf, UserError } from "../errors.ts";
import { pause } from "../pause.ts";
import type { BackupPlace } from "./place.ts";

/** One run of a task. */
export interface TaskRun {
  readonly task: BackupTask;
  readonly place: BackupPlace;
  /** Key of the object that it writes or reads. */
  readonly key: string;
}

/** How it is run. */
export interface RunTaskOptions {
  readonly ecs: ECSClient;
  readonly signal: AbortSignal;
  /** Gets what the task is doing. */
  readonly update: (text: string) => void;
  /** Milliseconds between two looks. @default 5000 */
  readonly intervalMs?: number;
}

/** Milliseconds after which AWS must know a task that it has started. */
const KNOWN_AFTER = 2 * 60_000;

/**
 * Runs a task on Fargate, and waits until it has ended. Where the wait is interrupted, the task is stopped.
 * @returns the task's ARN
 * @throws UserError where it cannot be started, or one of its containers does not end with 0; where AWS cannot be asked
 *   any more how it goes on, which does not end it
 */
export async function runTask(environment: EnvironmentOnAws, run: TaskRun, options: RunTaskOptions): Promise<string> {
  const { ecs, signal } = options;
  const arn = await startTask(run, ecs, signal);
  let task: Task;
  try {
    task = await untilStopped(arn, run.place.cluster, options);
  } catch (error) {
    if (!signal.aborted) throw new UserError(`${messageOf(error)}\n${goesOn(arn, environment, run)}`);
    const stop = new StopTaskCommand({ cluster: run.place.cluster, task: arn, reason: "The command was interrupted" });
    throw await ecs.send(stop).then(
      () => new UserError("Interrupted: the task was stopped."),
      () => new UserError(`Interrupted, but the task goes on: ${arn}`),
    );
  }
  return endOf(task, arn, environment, run);
}

async function untilStopped(arn: string, cluster: string, options: RunTaskOptions): Promise<Task> {
  const { ecs, signal, update, intervalMs = 5000 } = options;
  const request = new DescribeTasksCommand({ cluster, tasks: [arn] });
  const started = Date.now();
  let seen = false;
  for (;;) {
    const { tasks } = await askAws("ecs:DescribeTasks", signal, () => ecs.send(request, { abortSignal: signal }));
    const task = tasks?.[0];
    if (task?.lastStatus === "STOPPED") return task;
    if (task) update(inWords(task));
    // One that was started this second may not be known everywhere yet; one that has ended is forgotten after an hour.
    else if (seen || Date.now() - started > KNOWN_AFTER) throw new UserError("AWS does not know the task any more.");
    seen ||= task !== undefined;
    await pause(intervalMs, signal);
  }
}

/** A second task beside it, or Keycloak, would meet a database that is half restored. */
function goesOn(arn: string, environment: EnvironmentOnAws, { task, place }: TaskRun): string {
  const { region } = environment.aws;
  return (
    `The task ${task} itself may go on. Look what has become of it before you repeat anything:\n` +
    `  aws ecs describe-tasks --region ${region} --cluster ${place.cluster} --tasks ${arn}\n` +
    `  ${logCommand(environment, `${task}/${WORK}/${idOf(arn)}`)}`
  );
}

function logCommand({ name, aws }: EnvironmentOnAws, stream: string): string {
  return `aws logs tail ${logGroupName(name)} --region ${aws.region} --since 1d --log-stream-names ${stream}`;
}

const idOf = (arn: string) => arn.split("/").at(-1)!;

async function startTask({ task, place, key }: TaskRun, ecs: ECSClient, signal: AbortSignal): Promise<string> {
  const { tasks, failures } = await askAws("ecs:RunTask", signal, () =>
    ecs.send(
      new RunTaskCommand({
        cluster: place.cluster,
        taskDefinition: place.taskDefinition,
        launchType: "FARGATE",
        platformVersion: "LATEST",
        networkConfiguration: place.network,
        overrides: { containerOverrides: [{ name: TRANSFER, environment: [{ name: KEY_VARIABLE, value: key }] }] },
        startedBy: `npm run ${task}`,
        enableECSManagedTags: true,
        propagateTags: "TASK_DEFINITION",
      }),
      { abortSignal: signal },
    ),
  );
  const arn = tasks?.[0]?.taskArn;
  if (arn) return arn;
  const reasons = (failures ?? []).map(({ reason, detail }) => [reason, detail].filter(Boolean).join(": "));
  throw new UserError(`AWS did not start the task ${task}: ${reasons.join("; ") || "it gave no reason"}.`);
}

function inWords({ lastStatus = "", containers = [] }: Task): string {
  const running = containers.find((container) => container.lastStatus === "RUNNING");
  return running?.name ?? lastStatus.toLowerCase();
}

function endOf(task: Task, arn: string, environment: EnvironmentOnAws, run: TaskRun): string {
  const containers = task.containers ?? [];
  if (containers.length > 0 && containers.every(({ exitCode }) => exitCode === 0)) return arn;
  // What has failed, or else the one that was never started.
  const culprit =
    containers.find(({ exitCode }) => exitCode) ?? containers.find(({ exitCode }) => exitCode === undefined);
  const stream = culprit && `${run.task}/${culprit.name}/${idOf(arn)}`;
  throw new UserError(
    [
      `The task ${run.task} has failed: ${task.stoppedReason ?? task.stopCode ?? "AWS gives no reason"}`,
      ...howContainersEnded(containers, "did not run"),
      ...(stream ? [`Its log: ${logCommand(environment, stream)}`] : []),
    ].join("\n"),
  );
}
