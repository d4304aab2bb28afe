import { describe, expect, test } from "@jest/globals";
import { statusSummary, statusTable } from "../../../scripts/lib/status/report.ts";
import { countRows } from "../../../scripts/lib/terminal/row-status.ts";
import type { StatusRow } from "../../../scripts/lib/status/row.ts";

const ROWS: StatusRow[] = [
  { subject: "Service", name: "tasks", status: "ok", detail: "2 of 2 run" },
  { subject: "Service", name: "rollout", status: "warn", detail: "in progress, begun 10 min ago" },
  {
    subject: "Realm",
    name: "settings",
    status: "fail",
    detail: "1 difference",
    notes: ["first", "a note that is long"],
  },
  { subject: "Last deployment", name: "state", status: "skip", detail: "needs the service" },
];

describe("the report of status", () => {
  test("has headings, aligned rows, and notes below them", () => {
    expect(statusTable(ROWS, 0)).toBe(
      [
        "",
        "Service",
        "  ok    tasks     2 of 2 run",
        "  warn  rollout   in progress, begun 10 min ago",
        "",
        "Realm",
        "  FAIL  settings  1 difference",
        "                  first",
        "                  a note that is long",
        "",
        "Last deployment",
        "  skip  state     needs the service",
      ].join("\n"),
    );
  });

  test("wraps what does not fit, under the right heading", () => {
    const lines = statusTable(ROWS, 40).split("\n");
    expect(lines.slice(3, 5)).toEqual(["  warn  rollout   in progress, begun 10", "                  min ago"]);
    expect(lines.filter((line) => /^[A-Z]/.test(line))).toEqual(["Service", "Realm", "Last deployment"]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
  });

  test("counts", () => {
    expect(countRows(ROWS)).toEqual({ ok: 1, warn: 1, fail: 1, skip: 1 });
    expect(statusSummary(ROWS)).toBe("1 ok, 1 warning, 1 failed, 1 skipped");
  });
});
