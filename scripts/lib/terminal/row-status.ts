import { pc } from "./colours.ts";

/** How something is that was looked at: `skip` was not, or could not be. */
export type RowStatus = "ok" | "warn" | "fail" | "skip";

/** As it stands in a table. */
export const MARKS: Readonly<Record<RowStatus, string>> = { ok: "ok", warn: "warn", fail: "FAIL", skip: "skip" };

/** Its colour. */
export const PAINT: Readonly<Record<RowStatus, (text: string) => string>> = {
  ok: pc.green,
  warn: pc.yellow,
  fail: (text) => pc.bold(pc.red(text)),
  skip: pc.dim,
};

/** How many rows have each status. */
export function countRows(rows: readonly { readonly status: RowStatus }[]): Record<RowStatus, number> {
  const count = { ok: 0, warn: 0, fail: 0, skip: 0 };
  for (const { status } of rows) count[status] += 1;
  return count;
}
