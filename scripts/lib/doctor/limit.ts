import { UserError } from "../errors.ts";

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
  const late = new AbortController();
  const clock = setTimeout(
    () => late.abort(new UserError(`${what} did not answer within ${milliseconds / 1000} seconds.`)),
    milliseconds,
  );
  const limited = AbortSignal.any([signal, late.signal]);
  try {
    return await unlessAborted(limited, () => work(limited));
  } finally {
    clearTimeout(clock);
  }
}
