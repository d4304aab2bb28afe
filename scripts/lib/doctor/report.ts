import { pc } from "../terminal/colours.ts";
import { grouped } from "../terminal/grouped.ts";
import { countRows, MARKS, PAINT } from "../terminal/row-status.ts";
import { table } from "../terminal/table.ts";
import type { DoctorRow } from "./row.ts";

/**
 * The rows as a table, a heading per group, and under each row that is not ok how to mend it.
 * @param width columns of the terminal; 0 does not wrap
 */
export function doctorTable(rows: readonly DoctorRow[], width: number): string {
  const lines = rows.flatMap((row, index) => [
    { row, cells: [MARKS[row.status], row.what, row.found] },
    // What mends several rows of a group is said under the last of them.
    ...(row.mend && !(row.mend === rows[index + 1]?.mend && row.group === rows[index + 1]?.group)
      ? [{ row, cells: ["", "", `→ ${row.mend}`] }]
      : []),
  ]);
  const text = table(
    lines.map(({ cells }) => cells),
    width && width - 2,
    (cell, column, index) => {
      const { row, cells } = lines[index]!;
      if (!cell) return cell; // lines that go on begin with blanks, also where there is colour
      if (column === 0) return PAINT[row.status](cell);
      const isMend = cells[1] === "";
      return row.status === "skip" || isMend ? pc.dim(cell) : cell;
    },
  );
  return grouped(
    rows.map(({ group }) => group),
    text,
  );
}

/** `Ready for a deployment. 17 ok, 1 to look at, 0 to mend, 1 skipped.` */
export function doctorSummary(rows: readonly DoctorRow[]): string {
  const { ok, warn, fail, skip } = countRows(rows);
  const counts = `${ok} ok, ${warn} to look at, ${fail} to mend, ${skip} skipped`;
  if (fail > 0) return `${pc.red("A deployment would fail.")} ${counts}.`;
  return `${pc.green("Ready for a deployment.")} ${counts}.`;
}
