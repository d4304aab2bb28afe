import type { Deployment, Service } from "@aws-sdk/client-ecs";
import { namePrefix } from "../../../constructs/names.ts";
import type { RowStatus } from "../terminal/row-status.ts";
import { ago } from "../terminal/time.ts";
import type { StatusContext } from "./context.ts";
import { NotThere, type Finding } from "./row.ts";

/** How many tasks run, and whether a deployment is going on. */
export async function lookAtService(context: StatusContext): Promise<Finding[]> {
  const { name, aws } = context.environment;
  const service = await context.service();
  if (!service)
    throw new NotThere(`there is no service "${namePrefix(name)}" in ${aws.region}: npm run deploy -- ${name}`);
  return [counts(service), ...(service.deployments ?? []).map(rollout)];
}

function counts({ desiredCount = 0, runningCount = 0, pendingCount = 0 }: Service): Finding {
  const facts = { desired: desiredCount, running: runningCount, pending: pendingCount };
  const detail = `${runningCount} of ${desiredCount} run${pendingCount > 0 ? `, ${pendingCount} starting` : ""}`;
  if (desiredCount === 0) return { name: "tasks", status: "warn", detail: "stopped: its desired count is 0", facts };
  const status = runningCount >= desiredCount ? "ok" : runningCount > 0 ? "warn" : "fail";
  return { name: "tasks", status, detail, facts };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html */
function rollout(deployment: Deployment): Finding {
  const { status, rolloutState, rolloutStateReason = "", runningCount = 0, failedTasks = 0, createdAt } = deployment;
  const facts = { state: rolloutState, deployment: deployment.id, running: runningCount, failedTasks };
  const since = createdAt ? `, begun ${ago(createdAt)}` : "";
  if (status !== "PRIMARY")
    return { name: "old deployment", status: "warn", detail: `${runningCount} of its tasks still run${since}`, facts };
  const failed = failedTasks > 0 ? `; ${failedTasks} of its tasks have failed` : "";
  const states: Record<string, { status: RowStatus; detail: string }> = {
    COMPLETED: { status: failed ? "warn" : "ok", detail: `complete${failed}` },
    IN_PROGRESS: { status: "warn", detail: `in progress${since}${failed}` },
    FAILED: { status: "fail", detail: `failed${since}: ${rolloutStateReason}${failed}` },
  };
  return { name: "rollout", ...(states[rolloutState ?? ""] ?? { status: "warn", detail: "of unknown state" }), facts };
}
