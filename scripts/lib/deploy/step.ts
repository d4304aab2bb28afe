import type { Environment } from "../../../environments/schema/index.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import type { Task } from "../terminal/task-list.ts";
import type { UpgradeCheck } from "../upgrade/check.ts";
import type { VerifyRow } from "../verify/index.ts";
import type { StackPlan } from "../terraform/plan.ts";

/** The steps of a deployment, in their order; `database` and `image` go side by side. */
export const STEPS = [
  "check",
  "secrets",
  "registry",
  "database",
  "image",
  "keycloak",
  "service",
  "realm",
  "policies",
  "verify",
] as const;

/** A step of a deployment. */
export type StepName = (typeof STEPS)[number];

/** What all steps of one deployment share. */
export interface DeployContext<Kind extends Environment = Environment> {
  readonly environment: Kind;
  readonly signal: AbortSignal;
  /** Filled in by the question whether old and new tasks may run at once. */
  upgrade?: UpgradeCheck;
  /** Filled in by `verify`. */
  rows?: readonly VerifyRow[];
}

/** The same, of an environment that is on AWS. */
export type AwsContext = DeployContext<EnvironmentOnAws>;

/** What a task would do, as far as it can be known beforehand. */
export interface Outlook {
  /** Undefined where it cannot be known yet. */
  readonly changes: boolean | undefined;
  /** In a few words. */
  readonly text: string;
  /** Whether it would fail, or could not be asked. @default false */
  readonly fails?: boolean;
}

/** A task of a step; a step may have several. */
export interface StepTask extends Task {
  readonly step: StepName;
  /** Finds out what it would do, and changes nothing. @default - nothing is known beforehand */
  outlook?(): Promise<Outlook>;
}

/** Something that is shown, and let through by a person, before it is done. */
export interface PlannedTask extends StepTask {
  /** Finds out what the task would do; undefined where it is not needed. */
  plan(onLine: (line: string) => void): Promise<StackPlan | undefined>;
  /** Why it cannot be planned yet, in words. @default - it always can */
  readonly unplannable?: () => Promise<string | undefined>;
}

/** Tasks that go together. */
export interface Move {
  readonly tasks: readonly (StepTask | PlannedTask)[];
  /** All at once. @default one after another */
  readonly concurrent?: boolean;
}

/** Whether a person lets this through first. */
export function isPlanned(task: StepTask): task is PlannedTask {
  return "plan" in task;
}
