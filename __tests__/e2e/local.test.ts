import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { cacheDir } from "../../scripts/lib/local/cache-dir.ts";
import { freePort } from "../../scripts/lib/local/ports.ts";

let cache: string;
const children: ChildProcess[] = [];
const variables = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("KEYCLOAK_")));

// A run of the test's own, with the distributions that are there already.
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "local-"));
  for (const part of ["distributions", "built"]) symlinkSync(join(cacheDir(), part), join(cache, part));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(cache, { recursive: true });
});

/** A command that runs, and what it has said so far. */
function start(script: string, parameters: string[] = [], extra: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["--import", "tsx", `scripts/${script}.ts`, ...parameters], {
    env: { ...variables, KEYCLOAK_MCP_CACHE: cache, ...extra },
  });
  children.push(child);
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => (said.stdout += String(chunk)));
  child.stderr.on("data", (chunk) => (said.stderr += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  return { child, said, ended };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** How many processes have a Keycloak's port among their arguments: the script, and Java. */
function processes(port: number): number {
  const all = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).split("\n");
  return all.filter((line) => line.includes(`--http-port=${port}`)).length;
}

describe("npm run local", () => {
  test("[local.run] [secrets.nowhere] gets ready, is found by other commands, and leaves nothing behind on Ctrl-C", async () => {
    const port = await freePort();
    const run = start("local", ["--port", String(port)]);
    await until(() => run.said.stdout.includes("Ctrl-C ends it all.") || run.child.exitCode !== null);
    expect(run.said.stdout).toMatch(/\n39 passed, 0 failed, 2 skipped\n/);
    expect(run.said.stdout).toMatch(new RegExp(`Issuer +http://localhost:${port}/auth/realms/mcp\n`));
    expect(run.said.stdout).toMatch(/claude mcp add --transport http demo http:\/\/localhost:\d+\/mcp\n/);

    const second = start("local");
    expect(await second.ended).toBe(1);
    expect(second.said.stderr).toMatch(/^Error: Another local run is there already: process \d+, http.*\n$/);

    const fix = start("fix-policies", ["local", "--dry-run"]);
    expect(await fix.ended).toBe(0);
    expect(fix.said.stdout).toContain(`realm mcp at http://localhost:${port}/auth`);

    // What only these commands need is where only this user can read it, and nowhere else.
    expect(statSync(join(cache, "local.json")).mode & 0o777).toBe(0o600);
    expect(statSync(join(cache, "local.log")).mode & 0o777).toBe(0o600);

    expect(processes(port)).toBeGreaterThan(0);
    run.child.kill("SIGINT");
    expect(await run.ended).toBe(0);
    expect(run.said.stdout).toMatch(/Stopping \.\.\.\n$/);
    expect(processes(port)).toBe(0);
    expect(() => statSync(join(cache, "local.json"))).toThrow("ENOENT");
  }, 180_000);

  test("[local.run] takes Keycloak along even when it is killed", async () => {
    const port = await freePort();
    const run = start("local", ["--port", String(port)]);
    await until(() => processes(port) > 1 || run.child.exitCode !== null);
    run.child.kill("SIGKILL");
    await until(() => processes(port) === 0);
  });

  test("says in one line that there is no Java", async () => {
    const run = start("local", [], { PATH: cache, JAVA_HOME: "" });
    expect(await run.ended).toBe(1);
    expect(run.said.stderr).toMatch(/^Error: Keycloak needs Java 17 or newer, but found none .*\n$/);
  });

  test("says in one line that the port is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const run = start("local", ["--port", String(port)]);
    expect(await run.ended).toBe(1);
    expect(run.said.stderr).toBe(
      `Error: Port ${port} is taken by another program. Stop that program, or choose another port with --port <number>.\n`,
    );
    await new Promise((resolve) => server.close(resolve));
  });
});
