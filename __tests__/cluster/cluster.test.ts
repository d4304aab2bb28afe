import { execFile } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { setTimeout as sleep } from "node:timers/promises";
import { HEALTH_CHECK, PORTS } from "../../keycloak-image/settings.ts";
import type { ClusterNode } from "../../scripts/lib/cluster/node.ts";
import { clusterSize, untilOneView } from "../../scripts/lib/cluster/view.ts";
import { alarmLines } from "./support/alarm-lines.ts";
import { coordinator } from "./support/coordinator.ts";
import { figure, printFigures, timed } from "./support/figures.ts";
import { startLoad } from "./support/load.ts";
import { TestPeople, type Session } from "./support/people.ts";
import { startTestCluster, type TestCluster } from "./support/test-cluster.ts";
import { until } from "./support/until.ts";

let cluster: TestCluster;
let people: TestPeople;

beforeAll(async () => {
  const started = await timed(() => startTestCluster());
  cluster = started.result;
  figure("two nodes on an empty database, one cluster", `${started.seconds.toFixed(0)} s`);
  people = await TestPeople.make(cluster);
}, 300_000);
afterAll(async () => {
  await cluster?.stop();
  printFigures();
});

const nodes = () => [...cluster.nodes.values()];
const node = (name: string) => cluster.nodes.get(name)!;
const target = (name: string) => cluster.balancer.targetGroup.targets.find((one) => one.name === name)!;
const logIns = (count: number) => Promise.all(Array.from({ length: count }, () => people.logIn()));

/** Whether so many logins succeed at once on every node. */
async function canLogIn(times: number): Promise<boolean> {
  const cookies = nodes().map(({ name }) => target(name).cookie);
  const all = cookies.flatMap((cookie) => Array.from({ length: times }, () => people.logIn([cookie])));
  return (await Promise.allSettled(all)).every(({ status }) => status === "fulfilled");
}

/** Refreshes all sessions and asks whether all new tokens are good. @returns what was refused */
async function refused(sessions: readonly Session[]): Promise<string[]> {
  const outcomes = await Promise.allSettled(
    sessions.map(async (session) => {
      await people.refresh(session);
      if (!(await people.introspect(session))) throw new Error("the new token is not active");
    }),
  );
  return outcomes.flatMap((one) => (one.status === "rejected" ? [(one.reason as Error).message] : []));
}

test("both nodes are in one cluster, over encrypted connections", async () => {
  expect(await Promise.all(nodes().map(clusterSize))).toEqual([2, 2]);
});

test("[cluster.any-node] a login that is begun on one node ends on the other, and its tokens are good on both", async () => {
  const [one, other] = [target("node-1").cookie, target("node-2").cookie];
  for (const order of [
    [one, other],
    [other, one],
    [one, other, one],
  ]) {
    const session = await people.logIn(order);
    expect(await Promise.all([people.introspect(session), people.introspect(session)])).toEqual([true, true]);
    expect(await refused([session])).toEqual([]);
  }
});

test("[cluster.crash] a node that is killed in the middle of 200 flows takes no session and no refresh token with it", async () => {
  const before = await logIns(10);
  const sessions: Session[] = [];
  const failures: { error: string; afterwards: boolean }[] = [];
  let out = false; // whether the balancer has taken the node out
  let begun = 0;
  const flow = async () => {
    const afterwards = out;
    try {
      const session = await people.logIn();
      await people.refresh(session);
      if (!(await people.introspect(session))) throw new Error("the token is not active");
      sessions.push(session);
    } catch (error) {
      failures.push({ error: (error as Error).message, afterwards });
    }
  };
  const killed = (async () => {
    await until("60 flows", () => Promise.resolve(begun >= 60), 120);
    const { seconds } = await timed(async () => {
      await node("node-1").signal("SIGKILL");
      await until("the killed node is out", () => Promise.resolve(!target("node-1")), 30);
    });
    out = true;
    figure("killed node is out of the balancer after", `${seconds.toFixed(1)} s`);
    const view = await until("a view of one", async () => (await clusterSize(node("node-2"))) === 1, 60);
    figure("and out of the cluster after another", `${view.toFixed(1)} s`);
  })();
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      while (begun < 200) {
        begun += 1;
        await flow();
      }
    }),
  );
  await killed;
  figure("flows that failed while the killed node still got requests", `${failures.length} of 200`);
  expect(failures.filter(({ afterwards }) => afterwards)).toEqual([]);
  expect(failures.length).toBeLessThan(40);
  expect(await refused([...before, ...sessions])).toEqual([]);

  // As ECS does: another task for the one that is gone. The old sessions are good there too.
  await cluster.startNode("node-3");
  expect(await refused(before)).toEqual([]);
}, 300_000);

test("[cluster.rolling] a rolling deployment under load fails no request", async () => {
  const sessions = await logIns(10);
  const load = startLoad(people, sessions);
  // 200 and 100 percent: a new task is ready before an old one is told to go.
  const codes: (number | undefined)[] = [];
  const { seconds } = await timed(async () => {
    for (const [next, old] of [
      ["node-4", "node-2"],
      ["node-5", "node-3"],
    ] as const) {
      await cluster.startNode(next);
      codes.push(await cluster.stopNode(old));
    }
  });
  await sleep(2000);
  const { requests, failures } = await load.end();
  figure(`rolling deployment, ${seconds.toFixed(0)} s: failed`, `${failures.length} of ${requests}`);
  expect(failures).toEqual([]);
  expect(codes).toEqual([143, 143]); // ended in order
  expect(nodes().flatMap(alarmLines)).toEqual([]); // nobody is woken by a deployment
  expect([...cluster.nodes.keys()]).toEqual(["node-4", "node-5"]);
  expect(await refused(sessions)).toEqual([]);
}, 300_000);

test("[cluster.database-away] the database goes for 45 seconds: no health check kills a node, and all goes on by itself", async () => {
  const sessions = await logIns(10);
  const before = await Promise.all(nodes().map((one) => one.pid()));
  await cluster.postgres.kill();
  const away = sleep(45_000).then(() => cluster.postgres.start());
  // ECS kills after three failures in a row, 30 seconds apart; here it is asked every three.
  const worst = await mostFailuresInARow(nodes(), away);
  figure("container health checks that failed meanwhile", String(worst));
  expect(worst).toBe(0);
  // Asked by logins: a refresh that fails half-way may have used its token up, and could not be tried again. Many at once
  // on each node, more than once: each has a pool of connections, all of which are broken, and finds them one by one.
  let inARow = 0;
  const recovery = await until(
    "the service recovers",
    async () => (inARow = (await canLogIn(12)) ? inARow + 1 : 0) === 3,
    120,
  );
  figure("recovered after the database was back", `${recovery.toFixed(1)} s`);
  expect(await refused(sessions)).toEqual([]);
  expect(await refused(await logIns(2))).toEqual([]);
  expect(await Promise.all(nodes().map((one) => one.pid()))).toEqual(before);
  await untilOneView(nodes());
}, 300_000);

test("[cluster.frozen] a node that freezes is dropped, which sets off the alarm, and comes back", async () => {
  const sessions = await logIns(5);
  // Whoever coordinates the cluster says what it has lost; where that one freezes, its successor does not.
  const other = coordinator(nodes());
  const frozen = nodes().find((one) => one !== other)!;
  const before = alarmLines(other).length;
  await frozen.signal("SIGSTOP");
  const out = await until("it is unhealthy", () => Promise.resolve(target(frozen.name).state === "unhealthy"), 60);
  figure("frozen node gets no more requests after", `${out.toFixed(0)} s`);
  // Until the cluster drops it, the other one waits for it in vain with whatever changes a cache.
  const dropped = await until("a view of one", async () => (await clusterSize(other)) === 1, 90);
  figure("and is dropped from the cluster after", `${(out + dropped).toFixed(0)} s`);
  // The view comes first, and the line a moment after it: some milliseconds, or a second where the machine is busy.
  await until("a line for the alarm", () => Promise.resolve(alarmLines(other).length > before), 15);
  expect(await refused(sessions)).toEqual([]);
  await frozen.signal("SIGCONT");
  const back = await until("it is healthy", () => Promise.resolve(target(frozen.name).state === "healthy"), 60);
  figure("thawed node gets requests again after", `${back.toFixed(0)} s`);
  const merged = await until(
    "one cluster",
    async () => (await Promise.all(nodes().map(clusterSize))).join() === "2,2",
    180,
  );
  figure("and is back in one cluster after", `${(back + merged).toFixed(0)} s`);
  expect(await refused(sessions)).toEqual([]);
}, 400_000);

describe("under this load", () => {
  test("[cluster.memory] a node fits into its task's memory", async () => {
    const used = await Promise.all(nodes().map(residentMemory));
    figure("memory of the nodes", `${used.map((mebibytes) => mebibytes.toFixed(0)).join(" and ")} MiB of 2048`);
    for (const mebibytes of used) expect(mebibytes).toBeLessThan(2048);
  });
});

/** Asks the container's own health check until something is over. */
async function mostFailuresInARow(all: readonly ClusterNode[], over: Promise<void>): Promise<number> {
  let going = true;
  void over.finally(() => (going = false));
  const inARow = new Map<string, number>();
  let worst = 0;
  while (going) {
    for (const one of all) {
      const count = (await isAlive(one)) ? 0 : (inARow.get(one.name) ?? 0) + 1;
      inARow.set(one.name, count);
      worst = Math.max(worst, count);
    }
    await Promise.race([sleep(3000), over]);
  }
  await over;
  return worst;
}

function isAlive({ metricsUrl }: ClusterNode): Promise<boolean> {
  const command = HEALTH_CHECK[1].replaceAll(String(PORTS.management), new URL(metricsUrl).port);
  return new Promise((resolve) => execFile("/bin/sh", ["-c", command], { timeout: 5000 }, (error) => resolve(!error)));
}

async function residentMemory(one: ClusterNode): Promise<number> {
  const pid = await one.pid();
  const kibibytes = await new Promise<string>((resolve, reject) =>
    execFile("ps", ["-o", "rss=", "-p", String(pid)], (error, stdout) =>
      error ? reject(new Error(error.message)) : resolve(stdout),
    ),
  );
  return Number(kibibytes) / 1024;
}
