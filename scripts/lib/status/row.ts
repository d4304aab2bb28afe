import type { RowStatus } from "../terminal/row-status.ts";

/** The subjects, in the order of the report. */
export const SUBJECTS = [
  "Keycloak",
  "Service",
  "Tasks",
  "Load balancer",
  "Database",
  "Certificate",
  "Alarms",
  "Version",
  "Realm",
  "Last deployment",
] as const;

/** One of {@link SUBJECTS}. */
export type Subject = (typeof SUBJECTS)[number];

/** One line of the report, before its subject is known. */
export interface Finding {
  /** What it is about, in a word or two: `rollout`, or a task's id. */
  readonly name: string;
  readonly status: RowStatus;
  /** What was seen, and where it is not well what to do. */
  readonly detail: string;
  /** Further lines below it. */
  readonly notes?: readonly string[];
  /** The same for machines; times are ISO 8601, undefined is not known. */
  readonly facts?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** One row of the report. */
export interface StatusRow extends Finding {
  readonly subject: Subject;
}

/** A part of the environment is not there: nothing is deployed, or only half of it. */
export class NotThere extends Error {
  override readonly name = "NotThere";
}

/** Something was not looked at, because of this. */
export class NotLookedAt extends Error {
  override readonly name = "NotLookedAt";
}
