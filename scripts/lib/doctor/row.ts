import type { RowStatus } from "../terminal/row-status.ts";

/** One thing that a deployment needs, and what became of looking at it. */
export interface DoctorRow {
  /** Kebab-case within its group's word, such as `machine.terraform`; the order of rows is fixed. */
  readonly id: string;
  /** Heading that it stands under. */
  readonly group: string;
  /** What was looked at, in a word or two. */
  readonly what: string;
  /** `fail`: a deployment would fail. `skip`: it could not be found out, or nothing depends on it. */
  readonly status: RowStatus;
  /** What was found, without a secret. */
  readonly found: string;
  /** How to mend it; every row that is not `ok` has it. */
  readonly mend?: string;
}

/** What a check found. */
export type Finding = Pick<DoctorRow, "status" | "found" | "mend">;

/** A deployment has what it needs. */
export function ok(found: string): Finding {
  return { status: "ok", found };
}

/** A deployment works, and something should be mended all the same. */
export function warn(found: string, mend: string): Finding {
  return { status: "warn", found, mend };
}

/** A deployment would fail. */
export function fail(found: string, mend: string): Finding {
  return { status: "fail", found, mend };
}

/** It could not be found out. */
export function skip(found: string, mend: string): Finding {
  return { status: "skip", found, mend };
}

/** Of the account nothing can be said: credentials, account or Region are not right. */
export function notLookedAt(): Finding {
  return skip("not looked at, without the right account", "Mend the rows Credentials and Region first.");
}

/** Whether a deployment would fail. */
export function blocksDeployment(rows: readonly DoctorRow[]): boolean {
  return rows.some(({ status }) => status === "fail");
}
