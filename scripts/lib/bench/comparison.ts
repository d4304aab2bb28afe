import type { Step } from "../terminal/steps.ts";

/** How something is measured. */
export interface BenchOptions {
  /** How often each of the two is run, in turn: a machine that slows down slows both. */
  readonly runs: number;
  readonly signal: AbortSignal;
  readonly step: Step;
}

/** One of two things that are compared, with the seconds of each run. */
export interface Measured {
  readonly title: string;
  readonly seconds: readonly number[];
}

/** Two things measured in one run. Times mean little on another machine; their ratio does. */
export interface Comparison {
  readonly baseline: Measured;
  readonly ours: Measured;
  /** Ratio of the medians, ours to the baseline's. */
  readonly ratio: number;
}

/** Compares two measurements. */
export function comparison(baseline: Measured, ours: Measured): Comparison {
  return { baseline, ours, ratio: median(ours.seconds) / median(baseline.seconds) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
