import { DescribeTasksCommand, ListTasksCommand, type DesiredStatus, type Task } from "@aws-sdk/client-ecs";
import { CONTAINER_NAME } from "../../../constructs/ecs/container.ts";
import { namePrefix } from "../../../constructs/names.ts";
import { askAws, undefinedOn } from "../aws/ask.ts";
import type { RowStatus } from "../terminal/row-status.ts";
import { ago, momentAgo } from "../terminal/time.ts";
import type { StatusContext } from "./context.ts";
import { shortDigest } from "./digest.ts";
import type { Finding } from "./row.ts";

/** Of the tasks that have stopped, so many are shown; AWS remembers them for about an hour. */
const STOPPED = 5;

/** As many digits of a task's id tell it from the others. */
const SHORT_ID = 8;

/** The tasks of the service, and why others have stopped. */
export async function lookAtTasks(context: StatusContext): Promise<Finding[]> {
  const [running, stopped] = await Promise.all([tasks(context, "RUNNING"), tasks(context, "STOPPED")]);
  const ended = (task: Task) => task.stoppedAt?.getTime() ?? 0;
  const newest = stopped.sort((one, other) => ended(other) - ended(one)).slice(0, STOPPED);
  if (running.length === 0) return [{ name: "tasks", status: "warn", detail: "none runs" }, ...newest.map(stoppedTask)];
  return [...running.map(runningTask), ...newest.map(stoppedTask)];
}

async function tasks({ environment, signal, ecs }: StatusContext, desiredStatus: DesiredStatus): Promise<Task[]> {
  const cluster = namePrefix(environment.name);
  const list = new ListTasksCommand({ cluster, serviceName: cluster, desiredStatus });
  const absent = ["ClusterNotFoundException", "ServiceNotFoundException"]; // which the rows of the service tell
  const found = await askAws(
    "ecs:ListTasks",
    signal,
    undefinedOn(absent, () => ecs.send(list, { abortSignal: signal })),
  );
  const taskArns = found?.taskArns ?? [];
  if (taskArns.length === 0) return [];
  // The list has 100 at the most, as many as may be described at once, and as an environment may have.
  const answer = await askAws("ecs:DescribeTasks", signal, () =>
    ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }), { abortSignal: signal }),
  );
  return answer.tasks ?? [];
}

function runningTask(task: Task): Finding {
  const { lastStatus = "", healthStatus = "UNKNOWN", availabilityZone, startedAt } = task;
  const digest = keycloak(task)?.imageDigest;
  const state = lastStatus === "RUNNING" ? `runs, ${HEALTH[healthStatus] ?? healthStatus}` : lastStatus.toLowerCase();
  const status: RowStatus =
    healthStatus === "UNHEALTHY" ? "fail" : lastStatus === "RUNNING" && healthStatus === "HEALTHY" ? "ok" : "warn";
  const parts = [
    state,
    availabilityZone,
    startedAt ? `started ${momentAgo(startedAt)}` : "not started yet",
    digest && shortDigest(digest),
  ];
  return {
    name: shortId(task),
    status,
    detail: parts.filter(Boolean).join(", "),
    facts: { ...factsOf(task), health: healthStatus, startedAt: startedAt?.toISOString(), imageDigest: digest },
  };
}

/** What the container's own check says. */
const HEALTH: Readonly<Record<string, string>> = {
  HEALTHY: "healthy",
  UNHEALTHY: "unhealthy: ECS replaces it",
  UNKNOWN: "not checked yet",
};

function stoppedTask(task: Task): Finding {
  const { stoppedReason = "AWS gives no reason", stoppedAt } = task;
  const { exitCode, reason } = keycloak(task) ?? {};
  const parts = [
    `stopped${stoppedAt ? ` ${ago(stoppedAt)}` : ""}: ${stoppedReason}`,
    exitCode === undefined ? "" : `exit code ${exitCode}`,
    reason,
  ];
  return {
    name: shortId(task),
    status: isInOrder(task) ? "ok" : "warn",
    detail: parts.filter(Boolean).join(", "),
    facts: { ...factsOf(task), stoppedAt: stoppedAt?.toISOString(), stoppedReason, exitCode },
  };
}

/** Whether a deployment, the autoscaling or a person wanted it to end. */
function isInOrder({ stopCode, stoppedReason = "" }: Task): boolean {
  return stopCode === "UserInitiated" || /^Scaling activity initiated by/.test(stoppedReason);
}

const keycloak = ({ containers }: Task) => containers?.find(({ name }) => name === CONTAINER_NAME);
const idOf = ({ taskArn = "" }: Task) => taskArn.split("/").at(-1)!;
const shortId = (task: Task) => idOf(task).slice(0, SHORT_ID);
const factsOf = (task: Task) => ({ task: idOf(task), status: task.lastStatus, zone: task.availabilityZone });
