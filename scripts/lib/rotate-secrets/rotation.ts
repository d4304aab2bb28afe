import type { Step } from "../terminal/steps.ts";

/** Secrets that can be exchanged. */
export const SECRETS = ["admin", "database"] as const;

/** One of them. */
export type SecretKind = (typeof SECRETS)[number];

/** How rotations are carried out. */
export interface RotationOptions {
  readonly signal: AbortSignal;
  /** Milliseconds between two looks at the database; of the service, see SteadyOptions. @default 2000 */
  readonly intervalMs?: number;
  /** Milliseconds in which AWS may not show yet that the database takes a new password. @default 30000 */
  readonly settleMs?: number;
  /** Milliseconds before a database is given up that does not take its password. @default 15 minutes */
  readonly timeoutMs?: number;
  /** Milliseconds between two logins of which the first was refused. @default 1200 */
  readonly secondTryMs?: number;
}

/** An exchange that can begin: what it needs is there. Nothing has been changed. */
export interface Rotation {
  readonly secret: SecretKind;
  /** Whether an earlier run has begun it. */
  readonly resumes: boolean;
  /** What it means for people, as sentences. */
  readonly consequences: readonly string[];
  /**
   * Carries it out.
   * @throws UserError that says in what state things are, and what goes on from there
   */
  carryOut(step: Step): Promise<RotationResult>;
}

/** What has been exchanged. No secret is in it. */
export interface RotationResult {
  readonly secret: SecretKind;
  /** SSM parameter that holds the new value. */
  readonly parameter: string;
  readonly resumed: boolean;
  /** What has come of it, as sentences. */
  readonly outcome: readonly string[];
}
