import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors.ts";

/** What Terraform would do with one stack. */
export interface StackPlan {
  readonly stack: string;
  /** Where it is only a part of the stack: which, in words. */
  readonly part?: string;
  /** Terraform's own words, from the first change to the last line of the plan. */
  readonly text: string;
  /** Whether it would do anything. */
  readonly changes: boolean;
  /** Such as `12 to add, 0 to change, 0 to destroy`, or `no changes`. */
  readonly summary: string;
}

/**
 * Reads what `cdktf diff` said.
 * @throws UserError where that is no plan
 */
export function readPlan(stack: string, said: string): StackPlan {
  const counts = /^\s*Plan: (.+?)\.?$/m.exec(said)?.[1];
  const nothing = /No changes\. (Your infrastructure|No objects)/.test(said);
  const outputs = /Changes to Outputs:/.test(said);
  if (!counts && !nothing && !outputs)
    throw new UserError(
      `cdktf diff ${stack} ended well, but shows no plan:\n${said.trim().split("\n").slice(-10).join("\n")}`,
    );
  return {
    stack,
    text: planOnly(said),
    changes: !nothing,
    summary: counts ?? (nothing ? "no changes" : "only outputs change"),
  };
}

/** Where a plan begins: after what Terraform says while it initializes and refreshes. */
const BEGIN =
  /^(Note: Objects have changed|Terraform used the selected providers|Terraform will perform|No changes\.|Changes to Outputs)/;

/** Where it ends: what follows is about commands that are not run here. */
const END = /^(Saved the plan to|To perform exactly these actions|─{10})/;

/** The plan as it is, with all its warnings. */
function planOnly(said: string): string {
  const lines = said.split("\n");
  const first = lines.findIndex((line) => BEGIN.test(line.trim()));
  const rest = lines.slice(Math.max(0, first));
  // A note of changes from outside has a line below it as well, and the plan follows.
  const plan = rest.findIndex((line) => /^\s*Plan: |^No changes\.|^\s*Changes to Outputs/.test(line));
  const end = rest.findIndex((line, index) => index > Math.max(0, plan) && END.test(line.trim()));
  const warnings = end < 0 ? [] : rest.slice(end).filter((line) => /^[╷│╵]/.test(line.trim()));
  return [...rest.slice(0, end < 0 ? undefined : end), ...warnings].join("\n").trim();
}

/**
 * Addresses of a stack's database instances in its synthesized JSON: with what they need, they are what takes the
 * longest, and none of it needs the image.
 */
export function databaseTargets(stack: string, folder = "cdktf.out"): string[] {
  const path = join(folder, "stacks", stack, "cdk.tf.json");
  const { resource } = JSON.parse(readFileSync(path, "utf8")) as { resource: Record<string, Record<string, unknown>> };
  return Object.keys(resource.aws_rds_cluster_instance ?? {}).map((name) => `aws_rds_cluster_instance.${name}`);
}
