import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits until something holds.
 * @param seconds after which it is given up
 * @returns seconds that it took
 * @throws Error that says what did not come
 */
export async function until(what: string, holds: () => Promise<boolean>, seconds: number): Promise<number> {
  const started = performance.now();
  const passed = () => (performance.now() - started) / 1000;
  while (!(await holds())) {
    if (passed() > seconds) throw new Error(`${what}: not within ${seconds} seconds`);
    await sleep(200);
  }
  return passed();
}
