import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { listProcesses, signalProcess } from "../../../scripts/lib/local/processes.ts";
import { startServerProcess, type ServerProcessOptions } from "../../../scripts/lib/local/server-process.ts";
import { until } from "../../support/until.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "server-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A shell script in a server's place. */
const options = (script: string, more: Partial<ServerProcessOptions> = {}): ServerProcessOptions => ({
  file: "/bin/sh",
  parameters: ["-c", script],
  env: { PATH: process.env.PATH },
  logFile: join(folder, "server.log"),
  patience: 5,
  ...more,
});

const members = async (group: number) => (await listProcesses()).filter((candidate) => candidate.group === group);

describe("a server that ends by itself", () => {
  test.each([
    ["exit 3", "ended by itself (exit code 3)", 3],
    ["kill -9 $$", "ended by itself (SIGKILL)", 137],
    ["kill -TERM $$", "ended by itself (SIGTERM)", 143],
  ])("%s: %s", async (script, words, code) => {
    const server = startServerProcess(options(`echo "last words"; ${script}`));
    await expect(server.failed).rejects.toThrow(words);
    expect(await server.ended).toEqual({ code, words });
    expect(server.lastWords(1)).toBe("last words");
    await until(async () => (await members(server.group)).length === 0);
  });

  test("says that it cannot be started", async () => {
    const server = startServerProcess(options("", { cwd: join(folder, "none") }));
    await expect(server.failed).rejects.toThrow("cannot be started: spawn /bin/sh ENOENT");
    await server.stop();
  });
});

describe("a server that is stopped", () => {
  test("ends in order, and is no failure", async () => {
    const server = startServerProcess(options("trap 'echo bye; exit' TERM; while :; do sleep 0.05; done"));
    await until(async () => (await members(server.group)).length > 3);
    await server.stop();
    expect(server.lastWords(1)).toBe("bye");
    expect(await Promise.race([server.failed, Promise.resolve("no failure")])).toBe("no failure");
    await until(async () => (await members(server.group)).length === 0);
  });

  test("is killed where it does not end", async () => {
    const server = startServerProcess(options("trap '' TERM; while :; do sleep 0.05; done", { patience: 0.2 }));
    await until(async () => (await members(server.group)).length > 3);
    await server.stop();
    await until(async () => (await members(server.group)).length === 0);
  });
});

test("its log is for this user only, begins anew, or goes on", async () => {
  const say = (text: string, appendLog = false) => {
    const server = startServerProcess(options(`echo ${text}`, { appendLog }));
    return server.ended.then(() => server.lastWords(9));
  };
  expect(await say("one")).toBe("one");
  expect(await say("two")).toBe("two");
  expect(statSync(join(folder, "server.log"))).toMatchObject({ size: "two\n".length });
  expect(await say("three", true)).toBe("three");
  expect(statSync(join(folder, "server.log"))).toMatchObject({ size: "two\nthree\n".length });
  expect(statSync(join(folder, "server.log")).mode & 0o777).toBe(0o600);
});

test("a process that is killed takes its servers and their directory along", async () => {
  const data = join(folder, "data");
  mkdirSync(data);
  const started = options("while :; do sleep 0.05; done", { removeWithParent: data });
  const module = new URL("../../../scripts/lib/local/server-process.ts", import.meta.url).href;
  const script = `import(${JSON.stringify(module)}).then(({ startServerProcess }) =>
    console.log(startServerProcess(${JSON.stringify(started)}).group))`;
  const parent = spawn(process.execPath, ["--import", "tsx", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const group = Number(await new Promise((resolve) => parent.stdout.once("data", resolve)));
  await until(async () => (await members(group)).length > 3);
  signalProcess(parent.pid!, "SIGKILL");
  await until(async () => (await members(group)).length === 0);
  await until(() => !existsSync(data));
});
