import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { acquireInstance } from "../../../scripts/lib/local/instance-lock.ts";
import { tryLock, withLock, type HeldLock } from "../../../scripts/lib/local/lock-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a lock file", () => {
  const path = () => join(folder, "a.lock");

  test("has one holder at a time", async () => {
    const held = (await tryLock(path(), "first")) as HeldLock;
    expect(await tryLock(path())).toMatchObject({ holder: { pid: process.pid, note: "first" } });
    await held.release();
    expect(await tryLock(path())).toHaveProperty("release");
  });

  test("of a process that is gone is taken over", async () => {
    const child = spawn("true");
    await new Promise((resolve) => child.once("exit", resolve));
    writeFileSync(path(), JSON.stringify({ pid: child.pid }));
    expect(await tryLock(path())).toHaveProperty("release");
  });

  test("of an earlier process with the same number is taken over", async () => {
    writeFileSync(path(), JSON.stringify({ pid: process.pid, started: "another boot/1" }));
    expect(await tryLock(path())).toHaveProperty("release");
  });

  test("that is broken is taken over", async () => {
    writeFileSync(path(), "{");
    expect(await tryLock(path())).toHaveProperty("release");
  });

  test("lets the work of many happen one after the other", async () => {
    let running = 0;
    let most = 0;
    const work = () =>
      withLock(path(), undefined, async () => {
        most = Math.max(most, (running += 1));
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
      });
    await Promise.all([work(), work(), work()]);
    expect(most).toBe(1);
  });

  test("is given back when the work fails, and waiting for it can be interrupted", async () => {
    await expect(withLock(path(), undefined, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    await tryLock(path());
    const abort = AbortSignal.abort(new Error("Interrupted."));
    await expect(withLock(path(), abort, () => Promise.resolve())).rejects.toThrow("Interrupted.");
  });
});

describe("a second local run", () => {
  test("is told in one line of the first", async () => {
    const instance = await acquireInstance({ cache: folder });
    await instance.announce("http://localhost:8080/auth");
    await expect(acquireInstance({ cache: folder })).rejects.toThrow(
      `Another local run is there already: process ${process.pid}, http://localhost:8080/auth. Use that one, end it`,
    );
    await instance.release();
    await (await acquireInstance({ cache: folder })).release();
  });
});
