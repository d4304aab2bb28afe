import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { pause } from "../pause.ts";

/** What a lock file says about its holder. */
export interface LockHolder {
  readonly pid: number;
  /** When that process started, in the system's own words: tells it from a later one with the same pid. */
  readonly started?: string;
  /** Whatever the holder wants others to know. No secrets: it is shown to people. */
  readonly note?: string;
}

/** A lock that this process holds. */
export interface HeldLock {
  /** Replaces the note that others see. */
  readonly update: (note: string) => Promise<void>;
  /** Gives the lock back; does nothing the second time. */
  readonly release: () => Promise<void>;
}

/**
 * Takes a lock file, or says who has it. A lock whose process is gone is taken over.
 * @returns the lock, or its holder when that still runs
 */
export async function tryLock(path: string, note?: string): Promise<HeldLock | { readonly holder: LockHolder }> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const started = await startOf(process.pid);
  const mine = `${path}.${process.pid}.${randomBytes(6).toString("hex")}`;
  const write = (text?: string) =>
    writeFile(mine, JSON.stringify({ pid: process.pid, started, note: text } satisfies LockHolder), { mode: 0o600 });
  await write(note);
  try {
    for (;;) {
      // A link either appears with all its content or fails: nobody ever reads half a lock.
      if (await linked(mine, path)) break;
      const holder = await read(path);
      if (!holder) continue;
      if (await isAlive(holder)) return { holder };
      await takeAway(path, holder);
    }
  } finally {
    await rm(mine, { force: true });
  }
  let held = true;
  return {
    update: async (text) => {
      if (!held) return;
      await write(text);
      await rename(mine, path);
    },
    release: async () => {
      if (!held) return;
      held = false;
      if ((await read(path))?.pid === process.pid) await rm(path, { force: true });
    },
  };
}

/** Does one thing while it holds a lock file, and waits for that as long as another process has it. */
export async function withLock<Result>(
  path: string,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    const lock = await tryLock(path);
    if ("holder" in lock) {
      await pause(200, signal);
      continue;
    }
    try {
      return await work();
    } finally {
      await lock.release();
    }
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Undefined when the lock is gone; an unreadable one counts as left by a dead process. */
async function read(path: string): Promise<LockHolder | undefined> {
  try {
    const text = await readFile(path, "utf8");
    try {
      return JSON.parse(text) as LockHolder;
    } catch {
      return { pid: 0 };
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Moves a stale lock aside; when another process has been quicker, its fresh lock is put back. */
async function takeAway(path: string, stale: LockHolder): Promise<void> {
  const aside = `${path}.stale.${randomBytes(6).toString("hex")}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const moved = await read(aside);
  if (moved && (moved.pid !== stale.pid || moved.started !== stale.started)) await linked(aside, path);
  await rm(aside, { force: true });
}

async function isAlive({ pid, started }: LockHolder): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const now = await startOf(pid);
  return !started || !now || started === now;
}

/** When a process started; undefined where the system does not tell. */
async function startOf(pid: number): Promise<string | undefined> {
  if (process.platform === "linux") {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    // Field 22 counts clock ticks since boot (proc(5)); the name in field 2 may hold spaces and brackets.
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
    return ticks ? `${boot.trim()}/${ticks}` : undefined;
  }
  if (process.platform === "win32") return undefined;
  return new Promise((done) => {
    execFile(
      "ps",
      ["-o", "lstart=", "-p", String(pid)],
      { env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" } },
      (error, stdout) => done(error ? undefined : stdout.trim() || undefined),
    );
  });
}
