import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, UserError } from "../errors.ts";
import { freePort } from "../local/ports.ts";
import { listProcesses, signalProcess } from "../local/processes.ts";
import { startServerProcess, type ServerProcess } from "../local/server-process.ts";
import { copyPostgres } from "./postgres-binaries.ts";
import { makeDatabase, unprivilegedUser, VARIABLES, type DatabaseAccess } from "./postgres-database.ts";

/** How PostgreSQL is started. */
export interface PostgresOptions {
  /** Gets what it says. */
  readonly logFile: string;
  /** Where its directory is made; root's PostgreSQL is somebody else's, who must get there. @default the system's */
  readonly temporary?: string;
  readonly signal?: AbortSignal;
}

/** A PostgreSQL with an empty database, for this run only. */
export interface Postgres {
  readonly access: DatabaseAccess;
  /** Rejects when it ends by itself. */
  readonly failed: Promise<never>;
  /** Kills all its processes, as when the machine dies; the data stay for {@link start}. */
  kill(): Promise<void>;
  /** Starts it again on its data, after {@link kill}. */
  start(): Promise<void>;
  /** Ends it, and removes its data. */
  stop(): Promise<void>;
}

/** Keycloak takes up to 100 connections per node (`db-pool-max-size`). */
const MAX_CONNECTIONS = 350;

/** Seconds for an orderly end. */
const PATIENCE = 5;

/**
 * Starts PostgreSQL on 127.0.0.1, with a database of its own in the system's temporary directory. It ends with this
 * process, and its data too, however this process ends.
 * @throws UserError in one line where it cannot be started; nothing is left behind
 */
export async function startPostgres({ logFile, temporary, signal }: PostgresOptions): Promise<Postgres> {
  const user = await unprivilegedUser();
  const directory = await mkdtemp(join(temporary ?? tmpdir(), "keycloak-mcp-postgres-"));
  const access: DatabaseAccess = {
    host: "127.0.0.1",
    port: await freePort(),
    name: "postgres",
    user: "keycloak",
    password: randomBytes(12).toString("base64url"),
  };
  let server: ServerProcess | undefined;
  let fail: (error: UserError) => void;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined); // whoever waits for it hears of it

  const start = async (again = false) => {
    const started = startServerProcess({
      file: join(directory, "bin", "postgres"),
      parameters: parameters(directory, access.port),
      env: VARIABLES,
      cwd: directory,
      logFile,
      appendLog: again,
      endSignal: "INT", // does not wait until its clients go
      patience: PATIENCE,
      user,
      removeWithParent: directory,
    });
    server = started;
    started.failed.catch((error: unknown) => {
      if (server === started) fail(new UserError(`PostgreSQL ${messageOf(error)}: ${started.lastWords(1)}`));
    });
    await Promise.race([failed, untilReady(directory, started, signal)]);
  };
  const kill = async () => {
    const killed = server;
    server = undefined; // so that its end is no failure
    if (killed) await killProcesses(postmaster(directory)!.pid);
    await killed?.ended;
  };
  const stop = async () => {
    await server?.stop();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await copyPostgres(directory, user);
    await makeDatabase(directory, access, user);
    signal?.throwIfAborted();
    await start();
    return { access, failed, kill, start: () => start(true), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** https://www.postgresql.org/docs/16/runtime-config.html */
function parameters(directory: string, port: number): string[] {
  const settings = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: MAX_CONNECTIONS,
    dynamic_shared_memory_type: "mmap", // files in its directory, which go with it
    // The data end with this run: they must survive that PostgreSQL is killed, but not that the machine is.
    fsync: "off",
    full_page_writes: "off",
  };
  return [
    "-D",
    join(directory, "data"),
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
}

/** What PostgreSQL says about its main process; undefined where it does not run. */
function postmaster(directory: string): { pid: number; ready: boolean } | undefined {
  try {
    const lines = readFileSync(join(directory, "data", "postmaster.pid"), "utf8").split("\n");
    return { pid: Number(lines[0]), ready: lines[7]?.trim() === "ready" };
  } catch {
    return undefined;
  }
}

/** `pg_ctl --wait` waits for the same. */
async function untilReady(directory: string, server: ServerProcess, signal: AbortSignal | undefined): Promise<void> {
  let ended = false;
  void server.ended.then(() => (ended = true));
  while (!ended) {
    signal?.throwIfAborted();
    const state = postmaster(directory);
    if (state?.ready && isAlive(state.pid)) return; // a killed one has left its file
    await sleep(50);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The main process first, so that it starts no others. */
async function killProcesses(main: number): Promise<void> {
  const children = (await listProcesses()).filter(({ parent }) => parent === main);
  for (const pid of [main, ...children.map((child) => child.pid)]) signalProcess(pid, "SIGKILL");
}
