import {
  DescribeTasksCommand,
  type ECSClient,
  ListTasksCommand,
  type Container,
  type Service,
  type Task,
} from "@aws-sdk/client-ecs";
import { messageOf } from "../errors.ts";
import { askAws } from "./ask.ts";

/** So many tell the cause; the others have ended for the same reason. */
const NEWEST = 3;

/**
 * Why the newest of a service's stopped tasks have ended; AWS remembers them for about an hour.
 * @param deployment whose tasks are looked at, an id such as `ecs-svc/1234`: those of others were stopped in order
 * @returns lines to put below an error, newest task first; none where AWS knows of none. What AWS refuses is a line too,
 * because the error itself matters more
 */
export async function whyTasksStopped(
  { serviceName, clusterArn: cluster }: Service,
  deployment: string | undefined,
  ecs: ECSClient,
  signal: AbortSignal,
): Promise<string[]> {
  try {
    const { taskArns = [] } = await askAws("ecs:ListTasks", signal, () =>
      ecs.send(new ListTasksCommand({ cluster, serviceName, desiredStatus: "STOPPED" }), { abortSignal: signal }),
    );
    if (taskArns.length === 0) return [];
    const { tasks = [] } = await askAws("ecs:DescribeTasks", signal, () =>
      ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }), { abortSignal: signal }),
    );
    const own = tasks.filter(({ startedBy }) => deployment === undefined || startedBy === deployment);
    return own.sort(byEnd).slice(0, NEWEST).flatMap(inWords);
  } catch (error) {
    signal.throwIfAborted();
    return [`Why its tasks have stopped is not known: ${messageOf(error)}`];
  }
}

function byEnd(one: Task, other: Task): number {
  return (other.stoppedAt?.getTime() ?? 0) - (one.stoppedAt?.getTime() ?? 0);
}

function inWords({ taskArn = "", stoppedReason, stopCode, containers = [] }: Task): string[] {
  const id = taskArn.split("/").at(-1);
  return [
    `Task ${id} has stopped: ${stoppedReason ?? stopCode ?? "AWS gives no reason"}`,
    ...howContainersEnded(containers, "did not end by itself"),
  ];
}

/**
 * Lines, indented, that say how each container of a task has ended.
 * @param without words for one that has no exit code
 */
export function howContainersEnded(containers: readonly Container[], without: string): string[] {
  return containers.map(({ name, exitCode, reason }) => {
    const end = exitCode === undefined ? without : `ended with ${exitCode}`;
    return `  ${name}: ${end}${reason ? ` (${reason})` : ""}`;
  });
}
