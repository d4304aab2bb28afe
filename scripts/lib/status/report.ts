import { pc } from "../terminal/colours.ts";
import { counted } from "../terminal/counted.ts";
import { grouped } from "../terminal/grouped.ts";
import { countRows, MARKS, PAINT } from "../terminal/row-status.ts";
import { table } from "../terminal/table.ts";
import type { StatusRow } from "./row.ts";

/**
 * The rows as a table, a heading per subject.
 * @param width columns of the terminal; 0 does not wrap
 */
export function statusTable(rows: readonly StatusRow[], width: number): string {
  const lines = rows.flatMap((row) => [
    { row, cells: [MARKS[row.status], row.name, row.detail], isNote: false },
    ...(row.notes ?? []).map((note) => ({ row, cells: ["", "", note], isNote: true })),
  ]);
  const text = table(
    lines.map(({ cells }) => cells),
    width && width - 2,
    (cell, column, index) => {
      const { row, isNote } = lines[index]!;
      if (isNote) return cell && pc.dim(cell);
      return column === 0 || row.status !== "ok" ? PAINT[row.status](cell) : cell;
    },
  );
  return grouped(
    rows.map(({ subject }) => subject),
    text,
  );
}

/** `17 ok, 1 warning, 2 failed, 1 skipped` */
export function statusSummary(rows: readonly StatusRow[]): string {
  const { ok, warn, fail, skip } = countRows(rows);
  const text = `${ok} ok, ${counted(warn, "warning")}, ${fail} failed, ${skip} skipped`;
  return fail > 0 ? pc.red(text) : warn > 0 ? pc.yellow(text) : pc.green(text);
}
