import { ECSClient, type Deployment, type Service } from "@aws-sdk/client-ecs";
import { namePrefix } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { UserError } from "../errors.ts";
import { clientOptions } from "./ask.ts";
import { pause } from "../pause.ts";
import { describeService, eventText } from "./service.ts";
import { whyTasksStopped } from "./stopped-tasks.ts";

/** How to wait for a service. */
export interface SteadyOptions {
  readonly signal: AbortSignal;
  /** Gets a line about how far it is, at each look: counts and the service's newest event. */
  readonly update: (text: string) => void;
  /** Gets each event of the service that comes during the wait, oldest first. */
  readonly onEvent?: (text: string) => void;
  /**
   * Id of the deployment that was asked for just now, such as `ecs-svc/1234`: AWS may tell of the one before it for some
   * seconds. @default - the one that is the service's primary at the first look
   */
  readonly deployment?: string;
  /** Milliseconds between two looks. @default 5000 */
  readonly intervalMs?: number;
  /** Milliseconds before it is given up. @default 20 minutes */
  readonly timeoutMs?: number;
}

const TWENTY_MINUTES = 20 * 60_000;

/**
 * Waits until an environment's service is steady: its newest deployment is complete, all tasks run, and none of an
 * earlier deployment is left. A deployment that AWS takes back (circuit breaker) is a failure, also once the tasks of
 * the earlier one are steady again. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
 * @returns the service as it is then
 * @throws UserError where there is no service, the deployment fails, or it takes too long: with what its tasks ended with
 */
export async function waitUntilSteady(environment: EnvironmentOnAws, options: SteadyOptions): Promise<Service> {
  const { signal, update, onEvent, intervalMs = 5_000, timeoutMs = TWENTY_MINUTES } = options;
  const ecs = new ECSClient(clientOptions(environment.aws.region));
  const end = Date.now() + timeoutMs;
  const rollout = new Rollout(options.deployment);
  const events = new EventsOfWait();
  for (;;) {
    const service = await describeService(environment, signal, ecs);
    if (!service) throw noService(environment);
    for (const event of events.next(service)) onEvent?.(event);

    const { state, reason } = rollout.look(service);
    const line = progress(service, events.newest);
    update(line);
    if (state === "steady") return service;
    const late = Date.now() >= end ? `${duration(timeoutMs)} were not enough` : undefined;
    const problem = state === "failed" ? reason : late;
    if (problem) {
      const why = await whyTasksStopped(service, rollout.id, ecs, signal);
      throw failure(environment.name, `${service.serviceName}`, problem, [line, ...why]);
    }
    await pause(intervalMs, signal);
  }
}

/** What has become of a deployment; the reason is of a failure. */
interface Fate {
  readonly state: "steady" | "going on" | "failed";
  readonly reason?: string;
}

/** Follows one deployment of a service, or whichever somebody starts after it. */
class Rollout {
  private seen = false;

  /** @param id of the deployment, as far as it is known */
  constructor(public id: string | undefined) {}

  look(service: Service): Fate {
    const deployments = service.deployments ?? [];
    const primary = deployments.find(({ status }) => status === "PRIMARY");
    this.id ??= primary?.id;
    const own = deployments.find(({ id }) => id === this.id);
    if (own) this.seen = true;
    else if (!this.seen) return { state: "going on" }; // AWS does not tell of it everywhere yet

    if (own?.rolloutState === "FAILED") return failed(own);
    // One that is over was somebody else's, unless it came instead of this deployment.
    if (primary && isRollback(primary) && (primary.rolloutState === "IN_PROGRESS" || primary.id !== this.id))
      return failed(primary);
    this.id = primary?.id;
    const complete = primary?.rolloutState === "COMPLETED" && deployments.length === 1;
    return { state: complete && service.runningCount === service.desiredCount ? "steady" : "going on" };
  }
}

function failed({ rolloutStateReason = "AWS gives no reason" }: Deployment): Fate {
  return { state: "failed", reason: rolloutStateReason };
}

/** Whether ECS goes back to an earlier deployment: only the reason of the state tells. */
function isRollback({ rolloutStateReason = "" }: Deployment): boolean {
  return /circuit breaker|roll(ing|ed)? ?back/i.test(rolloutStateReason);
}

/** The events of a service since the first look. */
class EventsOfWait {
  newest?: string;
  private known?: ReadonlySet<string | undefined>;

  /** Texts of those that were not there at the last look, oldest first; AWS gives the newest first. */
  next({ events = [] }: Service): string[] {
    const { known } = this;
    this.known = new Set(events.map(({ id }) => id));
    if (!known) return [];
    const texts = events.filter(({ id }) => !known.has(id)).map((event) => eventText(event).replace(/\.$/, ""));
    this.newest = texts[0] ?? this.newest;
    return texts.reverse();
  }
}

/** `1 of 2 tasks run, 1 starting, 2 old; has started 1 tasks` */
function progress({ desiredCount = 0, deployments = [] }: Service, newest?: string): string {
  const [primary] = deployments.filter(({ status }) => status === "PRIMARY");
  const old = deployments.reduce((sum, one) => sum + (one === primary ? 0 : (one.runningCount ?? 0)), 0);
  const counts = [
    `${primary?.runningCount ?? 0} of ${desiredCount} tasks run`,
    ...(primary?.pendingCount ? [`${primary.pendingCount} starting`] : []),
    ...(old > 0 ? [`${old} old`] : []),
  ].join(", ");
  return newest ? `${counts}; ${newest}` : counts;
}

function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`;
}

function noService({ name, aws }: EnvironmentOnAws): UserError {
  return new UserError(
    `There is no service "${namePrefix(name)}" in ${aws.region}: npm run deploy -- ${name} makes it.`,
  );
}

function failure(environment: string, service: string, problem: string, details: readonly string[]): UserError {
  return new UserError(
    [
      `The service ${service} has not become steady: ${problem}`,
      ...details.map((line) => `  ${line}`),
      `Its log: npm run logs -- ${environment} --since 30m`,
    ].join("\n"),
  );
}
