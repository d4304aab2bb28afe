import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { clusterSize } from "../../scripts/lib/cluster/view.ts";
import { freePort } from "../../scripts/lib/local/ports.ts";
import { listProcesses, signalProcess } from "../../scripts/lib/local/processes.ts";
import { until } from "../support/until.ts";
import { LocalRuns, untilSaid } from "./support/local-run.ts";
import type { RunningCommand } from "./support/run-script.ts";

let runs: LocalRuns;
beforeEach(() => {
  runs = new LocalRuns();
});
afterEach(() => runs.end());

/** Process groups of the servers that a run has started. */
async function serversOf({ child }: RunningCommand): Promise<number[]> {
  const all = await listProcesses();
  return all.filter(({ pid, parent, group }) => parent === child.pid && pid === group).map(({ group }) => group);
}

async function untilGone(groups: readonly number[]): Promise<void> {
  await until(async () => (await listProcesses()).every(({ group }) => !groups.includes(group)));
}

describe("npm run local -- --nodes 2", () => {
  test("[local.nodes] [local.run] is one cluster behind a balancer, survives that a node is killed, and leaves nothing behind", async () => {
    const port = await freePort();
    const run = runs.start("local", ["--nodes", "2", "--port", String(port)]);
    await untilSaid(run, "Ctrl-C ends it all.");
    expect(run.said.stdout).toMatch(/\n40 passed, 0 failed, 2 skipped\n/);
    expect(run.said.stdout).toMatch(new RegExp(`Issuer +http://localhost:${port}/auth/realms/mcp\n`));

    const metrics = [...run.said.stdout.matchAll(/node-\d +process (\d+), metrics (\S+)\n/g)];
    expect(await Promise.all(metrics.map(([, , metricsUrl]) => clusterSize({ metricsUrl: metricsUrl! })))).toEqual([
      2, 2,
    ]);
    expect(readFileSync(join(runs.cache, "local-node-2.log"), "utf8")).toMatch(/ISPN000094: .* \(2\) \[/);
    expect(statSync(join(runs.cache, "local-node-2.log")).mode & 0o777).toBe(0o600);

    // Not through the listener's rules, but by the balancer itself.
    const base = `http://127.0.0.1:${port}`;
    expect(await (await fetch(`${base}/auth/metrics`)).text()).toBe("Not found");
    expect((await fetch(`${base}/.well-known/oauth-authorization-server/auth/realms/mcp`)).status).toBe(200);

    signalProcess(Number(metrics[0]![1]), "SIGKILL");
    await untilSaid(run, "node-1 ended by itself (SIGKILL). Still there: node-2.");
    expect((await fetch(`${base}/auth/realms/mcp`)).status).toBe(200);
    await untilSaid(run, "node-1 is back: ");
    expect(run.said.stdout).toMatch(/node-1 is back: process \d+, 2 nodes in one cluster\.\n/);

    const servers = await serversOf(run);
    expect(servers).toHaveLength(3);
    run.child.kill("SIGINT");
    expect(await run.ended).toMatchObject({ code: 0 });
    await untilGone(servers);
  }, 300_000);

  test("takes everything along even when it is killed while a node starts", async () => {
    const run = runs.start("local", ["--nodes", "2", "--port", String(await freePort())]);
    await untilSaid(run, "Start PostgreSQL");
    await until(async () => (await serversOf(run)).length === 2);
    const servers = await serversOf(run);
    const commands = execFileSync("ps", ["-A", "-o", "pgid=,args="], { encoding: "utf8" }).split("\n");
    const postgres = commands.find((line) => servers.includes(parseInt(line)) && line.includes("/bin/postgres -D "));
    const data = /-D (\S+)/.exec(postgres!)![1];
    expect(existsSync(data!)).toBe(true);
    run.child.kill("SIGKILL");
    await untilGone(servers);
    expect(existsSync(data!)).toBe(false);
  });

  test.each([
    [["--nodes", "4"], "error: option '--nodes <number>' argument '4' is invalid. Allowed: 1, 2 or 3."],
    [["--nodes", "2", "--keep-data"], "Error: --keep-data is for one node: leave it or --nodes 2 out."],
  ])("says in one line what cannot be: %j", async (parameters, message) => {
    const run = runs.start("local", parameters);
    expect(await run.ended).toMatchObject({ code: 1 });
    expect(run.said.stderr.split("\n")[0]).toBe(message);
  });
});
