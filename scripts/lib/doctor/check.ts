import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import type { Dns } from "./dns.ts";
import type { Lookups } from "./lookups.ts";
import type { Finding } from "./row.ts";

/** What checks look at. */
export interface CheckContext {
  readonly environment: EnvironmentOnAws;
  /** What several checks ask AWS. */
  readonly lookups: Lookups;
  readonly dns: Dns;
  readonly variables: NodeJS.ProcessEnv;
  /** Aborted by an interruption, and where the time is up. */
  readonly signal: AbortSignal;
}

/** One row of the doctor's table. */
export interface Check {
  readonly id: string;
  readonly group: "This machine" | "AWS account" | "Names and certificates";
  /** In a word or two. */
  readonly what: string;
  /** Whether the environment has such a thing at all. @default always */
  readonly applies?: (environment: EnvironmentOnAws) => boolean;
  /** Is looked at only once credentials, account and Region are right. @default false */
  readonly needsAws?: boolean;
  /** What it means where AWS does not let it be looked at: `fail` where a deployment asks the same. @default "skip" */
  readonly unknown?: "fail" | "skip";
  /** Looks at it. What it throws becomes a row with the status {@link unknown}. */
  readonly run: (context: CheckContext) => Promise<Finding>;
}
