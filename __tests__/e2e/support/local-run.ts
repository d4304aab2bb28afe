import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheDir } from "../../../scripts/lib/local/cache-dir.ts";
import { until } from "../../support/until.ts";
import { startScript, withoutKeycloak, type RunningCommand } from "./run-script.ts";

/** A cache directory of a test's own, with the distributions that are there already, and the commands that use it. */
export class LocalRuns {
  readonly cache = mkdtempSync(join(tmpdir(), "local-"));
  private readonly children: ChildProcess[] = [];

  constructor() {
    for (const part of ["distributions", "built"]) symlinkSync(join(cacheDir(), part), join(this.cache, part));
  }

  /** Starts one of the commands in `scripts/`. */
  start(script: string, parameters: string[] = [], extra: Record<string, string> = {}): RunningCommand {
    const variables = { ...withoutKeycloak(), KEYCLOAK_MCP_CACHE: this.cache, ...extra };
    const run = startScript(script, parameters, { variables });
    this.children.push(run.child);
    return run;
  }

  /** Kills what still runs, and removes the cache. */
  end(): void {
    for (const child of this.children) child.kill("SIGKILL");
    rmSync(this.cache, { recursive: true });
  }
}

/** Waits until a command has said something, or has ended. */
export function untilSaid({ child, said }: RunningCommand, text: string): Promise<void> {
  return until(() => (said.stdout + said.stderr).includes(text) || child.exitCode !== null);
}
