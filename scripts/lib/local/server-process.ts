import { spawn } from "node:child_process";
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname } from "node:path";
import { signalProcess } from "./processes.ts";

/** How a server is started that must not outlive this process. */
export interface ServerProcessOptions {
  readonly file: string;
  readonly parameters: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Gets what it says; readable for this user only. */
  readonly logFile: string;
  /** Goes on with the log of an earlier start. @default false */
  readonly appendLog?: boolean;
  /** The signal that ends it in order; INT only for a program that handles it, since a shell has it ignored. @default TERM */
  readonly endSignal?: "TERM" | "INT" | "KILL";
  /** Seconds for an orderly end; then all of its processes are killed. */
  readonly patience: number;
  /** Another user to run it as; only root may. @default - this process's own */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** A directory that the server may write to, and that is removed with it when this process dies. */
  readonly removeWithParent?: string;
}

/** A server that has been started. */
export interface ServerProcess {
  /** Process group of all that it consists of, this module's own shell among them; 0 where it cannot be started. */
  readonly group: number;
  /** Resolves when it has ended, however it did. */
  readonly ended: Promise<Ending>;
  /** Rejects when it ends before {@link stop} is called, with {@link Ending.words}. */
  readonly failed: Promise<never>;
  /** Ends it, and waits until it has ended. */
  stop(): Promise<void>;
  /** The last lines that it has said since this start. */
  lastWords(lines: number): string;
}

/** How a server has ended. */
export interface Ending {
  /** Exit code, with 128 and the signal's number where a signal has ended it; undefined where it was not started. */
  readonly code: number | undefined;
  /** Such as `cannot be started: …`, `ended by itself (exit code 1)`, `ended by itself (SIGKILL)`. */
  readonly words: string;
}

/**
 * Runs the parameters from the fourth on until standard input closes: a process that dies, however it dies, takes its
 * servers along. First comes the signal, then seconds of patience, then a directory to remove, or nothing.
 * `kill -9 0` is for all of the process group, and so is the `kill 0` that takes `cat` and `sleep` along.
 */
const UNTIL_INPUT_CLOSES = `signal=$1 patience=$2 directory=$3; shift 3
exec 3<&0
"$@" 3<&- & child=$!
exec 2>/dev/null
{ cat; [ -z "$directory" ] || : >"$directory/orphaned"; kill -s "$signal" "$child"; sleep "$patience"; kill -9 0; } <&3 >/dev/null 2>&1 &
wait "$child"; status=$?
trap '' TERM; kill 0
[ -z "$directory" ] || [ ! -e "$directory/orphaned" ] || rm -rf "$directory"
exit "$status"`;

/** Starts a server in the background. It never throws: what goes wrong is told by {@link ServerProcess.failed}. */
export function startServerProcess(options: ServerProcessOptions): ServerProcess {
  const { file, parameters, env, cwd, logFile, endSignal = "TERM", patience, user, removeWithParent = "" } = options;
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, options.appendLog ? "a" : "w", 0o600);
  const begin = fstatSync(log).size;
  const shell = [UNTIL_INPUT_CLOSES, "sh", endSignal, String(patience), removeWithParent, file, ...parameters];
  const child = spawn("/bin/sh", ["-c", ...shell], {
    env,
    cwd,
    ...user,
    stdio: ["pipe", log, log],
    detached: true, // Ctrl-C in the terminal is for this process, which ends its servers when it no longer needs them
  });
  closeSync(log);
  child.stdin!.on("error", () => undefined); // it has ended already

  let stopping = false;
  const ended = new Promise<Ending>((resolve) => {
    child.once("error", (error) => resolve({ code: undefined, words: `cannot be started: ${error.message}` }));
    child.once("exit", (status, name) => {
      const code = status ?? 128 + constants.signals[name!];
      // The shell tells by a number that a signal has ended its child.
      const signal = Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0];
      resolve({ code, words: `ended by itself (${signal ?? `exit code ${code}`})` });
    });
  });
  const failed = ended.then(({ words }): never | Promise<never> => {
    if (stopping) return new Promise<never>(() => undefined);
    throw new Error(words);
  });
  failed.catch(() => undefined); // whoever waits for it hears of it
  return {
    group: child.pid ?? 0,
    ended,
    failed,
    stop: async () => {
      stopping = true;
      child.stdin!.end();
      const late = setTimeout(() => signalProcess(-child.pid!, "SIGKILL"), patience * 1000);
      await ended;
      clearTimeout(late);
    },
    lastWords: (lines) => readFileSync(logFile).subarray(begin).toString().trim().split("\n").slice(-lines).join("\n"),
  };
}
