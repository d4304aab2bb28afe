import { setMaxListeners } from "node:events";
import { UserError } from "./errors.ts";

/** A signal that is aborted with another one, or where the time is up. */
export interface Limit {
  readonly signal: AbortSignal;
  /** Stops the clock. */
  readonly end: () => void;
}

/**
 * Sets a limit to how long something may take.
 * @param late what to say where the time is up, as a UserError
 */
export function limited(signal: AbortSignal, milliseconds: number, late: string): Limit {
  // Not AbortSignal.timeout(): where only any() holds it, it may be collected as garbage, and the time is never up.
  // https://github.com/nodejs/node/issues/57736
  const time = new AbortController();
  const clock = setTimeout(() => time.abort(new UserError(late)), milliseconds);
  const either = AbortSignal.any([signal, time.signal]);
  setMaxListeners(0, either); // every request that is under way listens
  return { signal: either, end: () => clearTimeout(clock) };
}

/**
 * Waits for something that cannot be aborted, or not for sure.
 * @throws the signal's reason where it is aborted
 */
export async function unlessAborted<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  signal.throwIfAborted();
  let stop!: () => void;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/**
 * The same, until the time is up.
 * @param what did not answer, for the message
 * @param work gets a signal that is aborted in both cases
 * @throws UserError where the time is up; the signal's reason where it is aborted
 */
export async function within<Result>(
  milliseconds: number,
  what: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const limit = limited(signal, milliseconds, `${what} did not answer within ${milliseconds / 1000} seconds.`);
  try {
    return await unlessAborted(limit.signal, () => work(limit.signal));
  } finally {
    limit.end();
  }
}
