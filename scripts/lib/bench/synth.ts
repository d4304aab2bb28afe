import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { comparison, type BenchOptions, type Comparison } from "./comparison.ts";

const EMPTY_APP = fileURLToPath(new URL("empty-app.ts", import.meta.url));
const APP = fileURLToPath(new URL("../../../main.ts", import.meta.url));

/** Measures the synthesis of every environment against that of an app with the same imports and one empty stack. */
export async function benchSynth({ runs, signal, step }: BenchOptions): Promise<Comparison> {
  const empty: number[] = [];
  const all: number[] = [];
  for (let run = 1; run <= runs; run += 1) {
    empty.push(await step(`An app with one empty stack, ${run} of ${runs}`, () => timeApp(EMPTY_APP, signal)));
    all.push(await step(`main.ts, ${run} of ${runs}`, () => timeApp(APP, signal)));
  }
  return comparison({ title: "one empty stack", seconds: empty }, { title: "npx tsx main.ts", seconds: all });
}

/** Seconds that an app takes, as `cdktf synth` starts it. */
async function timeApp(file: string, signal: AbortSignal): Promise<number> {
  const out = mkdtempSync(join(tmpdir(), "synth-"));
  try {
    const started = performance.now();
    await promisify(execFile)(process.execPath, ["--import", "tsx", file], {
      env: { ...process.env, CDKTF_OUTDIR: out },
      signal,
    });
    return (performance.now() - started) / 1000;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
