import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { ECSClient } from "@aws-sdk/client-ecs";
import { waitUntilSteady, type SteadyOptions } from "../../scripts/lib/aws/steady.ts";
import { environmentOnAws } from "../support/environment.ts";
import { startAwsFront, type AwsFront } from "./support/aws-front.ts";
import { makeService } from "./support/deployed-parts.ts";
import { describeOnAws, startMoto, type EmulatedAws } from "./support/moto.ts";

const NAME = "keycloak-test";
const environment = environmentOnAws({ region: "us-east-1" });
const before = { ...process.env };
let aws: EmulatedAws;
let front: AwsFront;

interface Deployment {
  readonly id: string;
  readonly status: "PRIMARY" | "ACTIVE";
  readonly rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  readonly rolloutStateReason?: string;
  readonly runningCount: number;
  readonly pendingCount?: number;
}
interface Look {
  readonly running: number;
  readonly deployments: readonly Deployment[];
  /** Newest first, as AWS gives them. */
  readonly events?: readonly string[];
}

/** What AWS tells of the service, one look after the other; the last one stays. */
function looks(...all: readonly Look[]): void {
  let count = 0;
  front.says.DescribeServices = (answer) => {
    const look = all[Math.min(count, all.length - 1)]!;
    count += 1;
    const [service] = answer.services as Record<string, unknown>[];
    const events = (look.events ?? []).map((text) => ({ id: text, message: `(service ${NAME}) ${text}.` }));
    const changed = { ...service, runningCount: look.running, deployments: look.deployments, events };
    return { ...answer, services: [changed] };
  };
}

const old: Deployment = { id: "ecs-svc/1", status: "PRIMARY", rolloutState: "COMPLETED", runningCount: 2 };
const oldOne: Deployment = { ...old, status: "ACTIVE" };
const fresh: Deployment = { id: "ecs-svc/2", status: "PRIMARY", rolloutState: "IN_PROGRESS", runningCount: 0 };
const failedOne: Deployment = {
  ...fresh,
  status: "ACTIVE",
  rolloutState: "FAILED",
  rolloutStateReason: "ECS deployment circuit breaker: tasks failed to start.",
};

/** Waits, and gives back what was told meanwhile. */
async function wait(options: Partial<SteadyOptions> = {}) {
  const lines: string[] = [];
  const events: string[] = [];
  const service = await waitUntilSteady(environment, {
    signal: new AbortController().signal,
    update: (text) => lines.push(text),
    onEvent: (text) => events.push(text),
    intervalMs: 2,
    ...options,
  });
  return { service, lines, events };
}

describeOnAws("waiting for a service", () => {
  beforeAll(async () => {
    aws = await startMoto();
    front = await startAwsFront(aws.variables.AWS_ENDPOINT_URL!);
    Object.assign(process.env, aws.variables, { AWS_ENDPOINT_URL: front.url });
  });
  afterAll(async () => {
    for (const name of Object.keys(aws.variables)) delete process.env[name];
    Object.assign(process.env, before);
    await front.stop();
    await aws.stop();
  });
  beforeEach(async () => {
    await makeService(new ECSClient(aws.client()), NAME);
  });
  afterEach(async () => {
    for (const action of Object.keys(front.says)) delete front.says[action];
    await aws.reset();
  });

  test("[service.steady] ends once the new deployment is complete, alone, and all its tasks run", async () => {
    looks(
      { running: 2, deployments: [fresh, oldOne], events: ["has reached a steady state"] },
      {
        running: 3,
        deployments: [{ ...fresh, runningCount: 1, pendingCount: 1 }, oldOne],
        events: ["registered 1 targets", "has started 1 tasks", "has reached a steady state"],
      },
      { running: 3, deployments: [{ ...fresh, rolloutState: "COMPLETED", runningCount: 2 }, oldOne] },
      { running: 1, deployments: [{ ...fresh, rolloutState: "COMPLETED", runningCount: 1 }] },
      { running: 2, deployments: [{ ...fresh, rolloutState: "COMPLETED", runningCount: 2 }] },
    );
    const { service, lines, events } = await wait();
    expect(service.runningCount).toBe(2);
    expect(lines).toEqual([
      "0 of 2 tasks run, 2 old",
      "1 of 2 tasks run, 1 starting, 2 old; registered 1 targets",
      "2 of 2 tasks run, 2 old; registered 1 targets",
      "1 of 2 tasks run; registered 1 targets",
      "2 of 2 tasks run; registered 1 targets",
    ]);
    expect(events).toEqual(["has started 1 tasks", "registered 1 targets"]);
  });

  test("[service.steady] does not take the earlier deployment for the one that was asked for just now", async () => {
    const done: Look = { running: 2, deployments: [{ ...fresh, rolloutState: "COMPLETED", runningCount: 2 }] };
    looks({ running: 2, deployments: [old] }, { running: 2, deployments: [fresh, oldOne] }, done);
    expect((await wait({ deployment: fresh.id })).lines).toHaveLength(3);
    looks({ running: 2, deployments: [old] }, { running: 2, deployments: [fresh, oldOne] }, done);
    expect((await wait()).lines).toHaveLength(1);
  });

  const rollback: Deployment = {
    ...old,
    id: "ecs-svc/3",
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.",
  };
  test.each<[string, Look[], string]>([
    [
      "has failed",
      [{ running: 2, deployments: [{ ...failedOne, status: "PRIMARY" }, oldOne] }],
      "circuit breaker: tasks failed to start.",
    ],
    [
      "is taken back",
      [
        { running: 2, deployments: [fresh, oldOne] },
        { running: 2, deployments: [rollback, failedOne] },
      ],
      "circuit breaker: tasks failed to start.",
    ],
    ["is being taken back when the wait begins", [{ running: 2, deployments: [rollback] }], "rolling back to"],
    [
      "was taken back between two looks",
      [
        { running: 2, deployments: [fresh, oldOne] },
        { running: 2, deployments: [{ ...rollback, rolloutState: "COMPLETED" }] },
      ],
      "rolling back to",
    ],
  ])("[service.steady] fails where the deployment %s", async (_, all, reason) => {
    looks(...all);
    const { message } = await wait().then(
      () => new Error("steady"),
      (error: Error) => error,
    );
    expect(message).toContain(`The service ${NAME} has not become steady: ECS deployment`);
    expect(message).toContain(reason);
    expect(message).toContain("Its log: npm run logs -- test --since 30m");
  });

  test("[service.steady] tells what the newest tasks of the deployment ended with", async () => {
    looks({ running: 2, deployments: [{ ...failedOne, status: "PRIMARY" }, oldOne] });
    front.says.ListTasks = () => ({ taskArns: ["1", "2", "3", "4", "5"].map(arn) });
    front.says.DescribeTasks = () => ({
      failures: [],
      tasks: [
        ...["1", "2", "3", "4"].map((id, index) => ({
          taskArn: arn(id),
          startedBy: fresh.id,
          stoppedAt: 1_700_000_000 + index,
          stoppedReason: "Essential container in task exited",
          containers: [{ name: "keycloak", exitCode: Number(id) }],
        })),
        { taskArn: arn("5"), startedBy: old.id, stoppedAt: 1_800_000_000, stoppedReason: "Scaling activity" },
      ],
    });
    const task = (id: number) => [
      `  Task ${id} has stopped: Essential container in task exited`,
      `    keycloak: ended with ${id}`,
    ];
    await expect(wait()).rejects.toThrow(
      ["  0 of 2 tasks run, 2 old", ...task(4), ...task(3), ...task(2), "Its log:"].join("\n"),
    );
  });

  test("[service.steady] gives up after some time, and ends at once where it is interrupted", async () => {
    looks({ running: 2, deployments: [fresh, oldOne] });
    await expect(wait({ timeoutMs: 20 })).rejects.toThrow(/not become steady: 0 s were not enough\n {2}0 of 2 tasks/);
    const abort = new AbortController();
    const waiting = wait({ signal: abort.signal, intervalMs: 60_000 });
    setTimeout(() => abort.abort(new Error("enough")), 50);
    await expect(waiting).rejects.toThrow("enough");
  });

  test("[service.steady] says which command makes a service that is not there", async () => {
    await aws.reset();
    await expect(wait()).rejects.toThrow(
      'There is no service "keycloak-test" in us-east-1: npm run deploy -- test makes it.',
    );
  });
});

function arn(id: string): string {
  return `arn:aws:ecs:us-east-1:123456789012:task/${NAME}/${id}`;
}
