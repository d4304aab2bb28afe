import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { freePort } from "../../scripts/lib/local/ports.ts";
import { until } from "../support/until.ts";
import { LocalRuns, untilSaid } from "./support/local-run.ts";

let runs: LocalRuns;
beforeEach(() => {
  runs = new LocalRuns();
});
afterEach(() => runs.end());

/** How many processes have a Keycloak's port among their arguments: the script, and Java. */
function processes(port: number): number {
  const all = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).split("\n");
  return all.filter((line) => line.includes(`--http-port=${port}`)).length;
}

describe("npm run local", () => {
  test("[local.run] [secrets.nowhere] gets ready, is found by other commands, and leaves nothing behind on Ctrl-C", async () => {
    const port = await freePort();
    const run = runs.start("local", ["--port", String(port)]);
    await untilSaid(run, "Ctrl-C ends it all.");
    expect(run.said.stdout).toMatch(/\n40 passed, 0 failed, 2 skipped\n/);
    expect(run.said.stdout).toMatch(new RegExp(`Issuer +http://localhost:${port}/auth/realms/mcp\n`));
    expect(run.said.stdout).toMatch(/claude mcp add --transport http demo http:\/\/localhost:\d+\/mcp\n/);

    const second = runs.start("local");
    expect(await second.ended).toMatchObject({ code: 1 });
    expect(second.said.stderr).toMatch(/^Error: Another local run is there already: process \d+, http.*\n$/);

    const fix = runs.start("fix-policies", ["local", "--dry-run"]);
    expect(await fix.ended).toMatchObject({ code: 0 });
    expect(fix.said.stdout).toContain(`realm mcp at http://localhost:${port}/auth`);

    // What only these commands need is where only this user can read it, and nowhere else.
    expect(statSync(join(runs.cache, "local.json")).mode & 0o777).toBe(0o600);
    expect(statSync(join(runs.cache, "local.log")).mode & 0o777).toBe(0o600);

    expect(processes(port)).toBeGreaterThan(0);
    run.child.kill("SIGINT");
    expect(await run.ended).toMatchObject({ code: 0 });
    expect(run.said.stdout).toMatch(/Stopping \.\.\.\n$/);
    expect(processes(port)).toBe(0);
    expect(() => statSync(join(runs.cache, "local.json"))).toThrow("ENOENT");
  }, 180_000);

  test("[local.run] takes Keycloak along even when it is killed", async () => {
    const port = await freePort();
    const run = runs.start("local", ["--port", String(port)]);
    await until(() => processes(port) > 1 || run.child.exitCode !== null);
    run.child.kill("SIGKILL");
    await until(() => processes(port) === 0);
  });

  test("says in one line that there is no Java", async () => {
    const run = runs.start("local", [], { PATH: runs.cache, JAVA_HOME: "" });
    expect(await run.ended).toMatchObject({ code: 1 });
    expect(run.said.stderr).toMatch(/^Error: Keycloak needs Java 17 or newer, but found none .*\n$/);
  });

  test("says in one line that the port is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const run = runs.start("local", ["--port", String(port)]);
    expect(await run.ended).toMatchObject({ code: 1 });
    expect(run.said.stderr).toBe(
      `Error: Port ${port} is taken by another program. Stop that program, or choose another port with --port <number>.\n`,
    );
    await new Promise((resolve) => server.close(resolve));
  });
});
