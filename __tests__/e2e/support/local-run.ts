import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheDir } from "../../../scripts/lib/local/cache-dir.ts";

/** A command that runs, and what it has said so far. */
export interface RunningCommand {
  readonly child: ChildProcess;
  readonly said: { stdout: string; stderr: string };
  /** Exit code; null where a signal has ended it. */
  readonly ended: Promise<number | null>;
}

/** A cache directory of a test's own, with the distributions that are there already, and the commands that use it. */
export class LocalRuns {
  readonly cache = mkdtempSync(join(tmpdir(), "local-"));
  private readonly children: ChildProcess[] = [];

  constructor() {
    for (const part of ["distributions", "built"]) symlinkSync(join(cacheDir(), part), join(this.cache, part));
  }

  /** Starts one of the commands in `scripts/`. */
  start(script: string, parameters: string[] = [], extra: Record<string, string> = {}): RunningCommand {
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith("KEYCLOAK_"));
    const child = spawn(process.execPath, ["--import", "tsx", `scripts/${script}.ts`, ...parameters], {
      env: { ...Object.fromEntries(own), KEYCLOAK_MCP_CACHE: this.cache, ...extra },
    });
    this.children.push(child);
    const said = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => (said.stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (said.stderr += String(chunk)));
    const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
    return { child, said, ended };
  }

  /** Kills what still runs, and removes the cache. */
  end(): void {
    for (const child of this.children) child.kill("SIGKILL");
    rmSync(this.cache, { recursive: true });
  }
}

/** Waits until something is so; the test's own time limit ends it where it never is. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Waits until a command has said something, or has ended. */
export function untilSaid({ child, said }: RunningCommand, text: string): Promise<void> {
  return until(() => (said.stdout + said.stderr).includes(text) || child.exitCode !== null);
}
