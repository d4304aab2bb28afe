import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axios from "axios";
import { loadEnvironment } from "../../../environments/index.ts";
import { UserError } from "../errors.ts";
import { cacheDir } from "../local/cache-dir.ts";
import { ensureDistribution } from "../local/distribution.ts";
import { freePort } from "../local/ports.ts";
import { comparison, type BenchOptions, type Comparison } from "./comparison.ts";

/**
 * Measures the first `npm run local` against the first `kc.sh start-dev` of the same distribution: neither finds
 * anything that an earlier start has built. In turn, so that a machine that slows down slows both.
 * @throws UserError where the distribution cannot be had, or either of them does not start
 */
export async function benchLocalRun({ runs, signal, step }: BenchOptions): Promise<Comparison> {
  const { keycloak } = await loadEnvironment("local");
  const { home } = await step(`Get Keycloak ${keycloak.version}`, () =>
    ensureDistribution(keycloak.version, { signal }),
  );
  const startDev: number[] = [];
  const local: number[] = [];
  for (let run = 1; run <= runs; run += 1) {
    startDev.push(await step(`kc.sh start-dev, ${run} of ${runs}`, () => timeStartDev(home, signal)));
    local.push(await step(`npm run local, ${run} of ${runs}`, () => timeLocalRun(signal)));
  }
  return comparison(
    { title: "kc.sh start-dev answers", seconds: startDev },
    { title: "npm run local is ready", seconds: local },
  );
}

/** Seconds until the local run says that it is ready: with a cache of its own, which has the distribution only. */
async function timeLocalRun(signal: AbortSignal): Promise<number> {
  const cache = mkdtempSync(join(tmpdir(), "local-"));
  symlinkSync(join(cacheDir(), "distributions"), join(cache, "distributions"));
  const started = performance.now();
  const child = spawn(process.execPath, ["--import", "tsx", join("scripts", "local.ts")], {
    env: { ...process.env, KEYCLOAK_MCP_CACHE: cache },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const interrupt = () => void child.kill("SIGINT");
  signal.addEventListener("abort", interrupt, { once: true });
  let errors = "";
  child.stderr.on("data", (chunk) => (errors += String(chunk)));
  const ready = new Promise<number>((resolve) => {
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += String(chunk);
      if (output.includes("Ready")) resolve((performance.now() - started) / 1000);
    });
  });
  try {
    return await Promise.race([
      ready,
      ended.then(() => {
        signal.throwIfAborted();
        throw new UserError(`npm run local ended before it was ready:\n${errors.trim()}`);
      }),
    ]);
  } finally {
    signal.removeEventListener("abort", interrupt);
    child.kill("SIGINT");
    await ended;
    rmSync(cache, { recursive: true, force: true });
  }
}

/** Seconds until a fresh copy of the distribution, started as its own guide says, answers for the realm master. */
async function timeStartDev(distribution: string, signal: AbortSignal): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), "start-dev-"));
  try {
    cpSync(distribution, home, { recursive: true });
    const port = await freePort();
    const management = await freePort();
    const started = performance.now();
    const child = spawn(
      join(home, "bin", "kc.sh"),
      ["start-dev", `--http-port=${port}`, `--http-management-port=${management}`, "--http-relative-path=/auth"],
      { stdio: "ignore" },
    );
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    try {
      while (!(await answers(`http://127.0.0.1:${port}/auth/realms/master`))) {
        signal.throwIfAborted();
        if (child.exitCode !== null) throw new UserError(`kc.sh start-dev ended with exit code ${child.exitCode}.`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return (performance.now() - started) / 1000;
    } finally {
      child.kill();
      await ended;
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function answers(url: string): Promise<boolean> {
  const response = await axios
    .get(url, { validateStatus: () => true, timeout: 2000, proxy: false })
    .catch(() => undefined);
  return response?.status === 200;
}
