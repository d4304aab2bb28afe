import { spawn, type ChildProcess } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../errors.ts";
import { withoutAdministrator } from "../keycloak/credentials.ts";
import { cacheDir } from "../local/cache-dir.ts";
import { TerraformLines } from "./cdktf-output.ts";
import { explainTerraform } from "./errors.ts";

/** One run of `cdktf`. */
export interface CdktfProcess {
  readonly parameters: readonly string[];
  /** Name of the stack; empty where it is about all. */
  readonly stack: string;
  /** Name of the file that gets all that it says, without its ending. */
  readonly log: string;
  /** Beside those of this process, without its administrator of Keycloak. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether it makes or removes things: then it is never interrupted, but waited for. */
  readonly changes: boolean;
}

/** How it is run. */
export interface CdktfOptions {
  readonly signal: AbortSignal;
  /** Name of the environment: its logs are kept together. */
  readonly environment: string;
  /** Gets each line that it says, without colour. */
  readonly onLine?: (line: string) => void;
  /** Told, once, that an interruption waits for Terraform. */
  readonly onWait?: (text: string) => void;
}

const WRAPPER = fileURLToPath(new URL("terraform-in-order.sh", import.meta.url));

/**
 * Runs `cdktf` from the PATH. Interrupted while it changes something, it is waited for: Terraform marks what it was making
 * as tainted when it is stopped, and would replace it. Otherwise Terraform is interrupted, and releases its lock. A process
 * that dies leaves Terraform to itself, which goes on to its end.
 * @returns all that it said, without colour
 * @throws UserError with the end of what it said, and where all of it is
 */
export async function runCdktf(run: CdktfProcess, options: CdktfOptions): Promise<string> {
  const { parameters, stack, variables, changes } = run;
  const { signal, environment, onLine, onWait } = options;
  signal.throwIfAborted();
  const log = join(cacheDir(), "deploy", environment, `${run.log}.log`);
  const pidFile = `${log}.pid`;
  mkdirSync(dirname(log), { recursive: true });
  for (const path of [log, pidFile]) rmSync(path, { force: true });
  writeFileSync(log, "", { mode: 0o600 });
  const child = spawn("cdktf", parameters, {
    env: {
      CHECKPOINT_DISABLE: "1", // it does not call home, unless asked to
      ...withoutAdministrator(process.env),
      TERRAFORM_BINARY_NAME: WRAPPER,
      TERRAFORM_IN_ORDER: process.env.TERRAFORM_BINARY_NAME ?? "terraform",
      TERRAFORM_PID_FILE: pidFile,
      ...variables,
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // Ctrl-C on the terminal is for this process
  });
  const interrupt = () => {
    if (changes)
      onWait?.(
        `interrupted; Terraform first ends what it does with ${stack}. Ctrl-C again leaves it to end by itself.`,
      );
    else interruptTerraform(pidFile, child);
  };
  signal.addEventListener("abort", interrupt, { once: true });
  const said: string[] = [];
  const output = new TerraformLines(stack);
  const hear = (lines: readonly string[]) => {
    for (const line of lines) {
      said.push(line);
      appendFileSync(log, `${line}\n`);
      if (line.trim()) onLine?.(line.trim());
    }
  };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => hear(output.take(chunk)));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => hear(output.take(chunk)));
  const ended = await new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => reject(notStarted(error)));
    child.once("close", (code, name) => resolve(code ?? name!));
  }).finally(() => {
    signal.removeEventListener("abort", interrupt);
    rmSync(pidFile, { force: true });
  });
  hear(output.end());
  signal.throwIfAborted();
  const text = said.join("\n");
  if (ended === 0) return text;
  const command = `cdktf ${parameters.slice(0, 2).join(" ")}`;
  throw new UserError(explainTerraform({ command, ended, said: text, log, stack }));
}

/** CDKTF, interrupted itself, would end at once and take Terraform along. */
function interruptTerraform(pidFile: string, child: ChildProcess): void {
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) : undefined;
  try {
    if (pid) process.kill(pid, "SIGINT");
    else child.kill("SIGINT");
  } catch {
    child.kill("SIGINT"); // that Terraform has ended, and another has not begun
  }
}

function notStarted(error: NodeJS.ErrnoException): Error {
  if (error.code !== "ENOENT") return error;
  return new UserError("cdktf is not on the PATH: run npm ci, then the command by npm run, which puts it there.");
}
