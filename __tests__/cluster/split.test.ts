import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { PORTS } from "../../keycloak-image/settings.ts";
import { FIRST_CLUSTER_PORT, LAST_CLUSTER_PORT } from "../../scripts/lib/cluster/cluster-port.ts";
import { startNode, type ClusterNode } from "../../scripts/lib/cluster/node.ts";
import { startPostgres, type Postgres } from "../../scripts/lib/cluster/postgres.ts";
import { clusterSize } from "../../scripts/lib/cluster/view.ts";
import { alarmLines } from "./support/alarm-lines.ts";
import { coordinator } from "./support/coordinator.ts";
import { block, whyNoFirewall } from "./support/firewall.ts";
import { figure, printFigures, timed } from "./support/figures.ts";
import { builtKeycloak } from "./support/test-cluster.ts";
import { until } from "./support/until.ts";

const DISTANCE = PORTS.clusterFailureDetection - PORTS.cluster;
const RANGES = {
  messages: { from: FIRST_CLUSTER_PORT, to: LAST_CLUSTER_PORT },
  failureDetection: { from: FIRST_CLUSTER_PORT + DISTANCE, to: LAST_CLUSTER_PORT + DISTANCE },
};
const why = await whyNoFirewall();

let folder: string;
let built: Awaited<ReturnType<typeof builtKeycloak>>;
let postgres: Postgres;
/** Nodes that run. */
let nodes: ClusterNode[] = [];
let unblock = () => Promise.resolve();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "split-"));
  built = await builtKeycloak("26.7.3");
  postgres = await startPostgres({ logFile: join(folder, "postgres.log") });
});
afterEach(async () => {
  await unblock();
  unblock = () => Promise.resolve();
});
afterAll(async () => {
  await end(nodes);
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
  printFigures();
});

async function start(name: string): Promise<ClusterNode> {
  const node = await startNode({
    ...built,
    name,
    admin: { clientId: "split-test", clientSecret: randomBytes(24).toString("base64url") },
    memory: 2048,
    url: "http://localhost:8080/auth",
    database: postgres.access,
    logFile: join(folder, `${name}.log`),
  });
  nodes.push(node);
  return node;
}

/** Kills nodes. */
async function end(some: readonly ClusterNode[]): Promise<void> {
  nodes = nodes.filter((one) => !some.includes(one));
  await Promise.all(some.map((one) => one.end()));
}

/** Whether all nodes that run see each other. */
const areOne = async () => (await Promise.all(nodes.map(clusterSize))).every((size) => size === nodes.length);

test("[cluster.first-start] two nodes that start at once on an empty database end in one cluster, without an alarm", async () => {
  let replaced = 0;
  // Both make the tables: one may find them half made and end. ECS then starts another task, and so is done here.
  const serve = async (name: string): Promise<void> => {
    const node = await start(name);
    try {
      await node.ready();
    } catch (error) {
      if (replaced++ > 0) throw error;
      await end([node]);
      await serve(`${name}-again`);
    }
  };
  const { seconds } = await timed(async () => {
    await Promise.all([serve("first-1"), serve("first-2")]);
    await until("one cluster", areOne, 180);
  });
  const how = replaced > 0 ? ", one of them replaced" : "";
  figure(`two first starts at once${how}: one cluster after`, `${seconds.toFixed(0)} s`);
  for (const node of nodes) expect(alarmLines(node).filter((line) => !line.includes("ISPN000093"))).toEqual([]);
}, 300_000);

(why ? describe.skip : describe)(`a node that cannot reach others${why ? ` (skipped: ${why})` : ""}`, () => {
  test("[cluster.split] at 57800: joins late, and sets off the alarm", async () => {
    // That one stays: a coordinator that was killed is still in the table, and newcomers would wait for it as well.
    const first = coordinator(nodes);
    await end(nodes.filter((one) => one !== first));
    await until("a view of one", async () => (await clusterSize(first)) === 1, 60);
    const before = alarmLines(first).length;
    unblock = await block(RANGES.failureDetection);
    const late = await start("failure-detection");
    await late.ready();
    const lines = () => [...alarmLines(first).slice(before), ...alarmLines(late)];
    await until("a line for the alarm", () => Promise.resolve(lines().length > 0), 60);
    const joined = await until("one cluster", areOne, 60);
    figure("57800 closed: one cluster all the same, after it could serve", `${joined.toFixed(0)} s`);
  }, 400_000);

  test("[cluster.split] at 7800, from its start on: goes on alone, and sets off the alarm", async () => {
    unblock = await block(RANGES.messages);
    const alone = await start("messages");
    await alone.ready();
    const alarmed = await until("a line for the alarm", () => Promise.resolve(alarmLines(alone).length > 0), 60);
    figure("7800 closed: a line for the alarm, after it could serve", `${alarmed.toFixed(0)} s`);
    expect(await clusterSize(alone)).toBe(1);
  }, 400_000);
});
