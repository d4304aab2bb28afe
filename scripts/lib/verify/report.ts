import { pc } from "../terminal/colours.ts";
import { counted } from "../terminal/counted.ts";
import { grouped } from "../terminal/grouped.ts";
import { table } from "../terminal/table.ts";
import type { VerifyRow } from "./index.ts";

const MARKS: Record<VerifyRow["status"], string> = { pass: "pass", fail: "FAIL", gap: "gap", skip: "skip" };
const PAINT: Record<VerifyRow["status"], (text: string) => string> = {
  pass: pc.green,
  fail: (text) => pc.bold(pc.red(text)),
  gap: pc.yellow,
  skip: pc.dim,
};

/**
 * The rows as a table, a heading per group.
 * @param width columns of the terminal; 0 does not wrap
 */
export function verifyTable(rows: readonly VerifyRow[], width: number): string {
  const cells = rows.map((row) => [MARKS[row.status], row.id, row.status === "pass" ? row.behaviour : row.detail]);
  const lines = table([...cells], width && width - 2, (cell, column, index) => {
    const { status } = rows[index]!;
    if (column === 0) return PAINT[status](cell);
    return status === "skip" ? pc.dim(cell) : status === "pass" ? cell : PAINT[status](cell);
  });
  return grouped(
    rows.map(({ group }) => group),
    lines,
  );
}

/** How many rows have each status. */
export function countRows(rows: readonly VerifyRow[]): Record<VerifyRow["status"], number> {
  const count = { pass: 0, fail: 0, gap: 0, skip: 0 };
  for (const row of rows) count[row.status] += 1;
  return count;
}

/** `31 passed, 2 failed, 3 skipped` */
export function verifySummary(rows: readonly VerifyRow[]): string {
  const { pass, fail, gap, skip } = countRows(rows);
  const gaps = gap > 0 ? `, ${counted(gap, "known gap")} of this Keycloak release` : "";
  const text = `${pass} passed, ${fail} failed, ${skip} skipped${gaps}`;
  return fail > 0 ? pc.red(text) : gap > 0 ? pc.yellow(text) : pc.green(text);
}
