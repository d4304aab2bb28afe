import { table } from "../../../scripts/lib/terminal/table.ts";

const rows: string[][] = [];

/** Keeps a figure for the table at the end. */
export function figure(what: string, value: string): void {
  rows.push([what, value]);
}

/** Prints what was measured. */
export function printFigures(): void {
  process.stdout.write(`\n${table(rows)}\n`);
}

/** Seconds that something took. */
export async function timed<Result>(work: () => Promise<Result>): Promise<{ result: Result; seconds: number }> {
  const started = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - started) / 1000 };
}
