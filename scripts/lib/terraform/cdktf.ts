import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import { unsavedState } from "./errors.ts";
import { runCdktf, type CdktfOptions } from "./process.ts";

export type { CdktfOptions } from "./process.ts";

/** What `cdktf` is asked to do with one stack. */
export interface CdktfRun {
  readonly verb: "diff" | "deploy" | "destroy";
  readonly stack: string;
  /** Addresses that Terraform is limited to, with what they need. @default everything */
  readonly targets?: readonly string[];
  /** Whether a deployment applies the plan that the last `diff` of the stack has made, and nothing else. @default a new one */
  readonly planned?: boolean;
  /** Further environment variables, such as the administrator's: the only way by which a secret gets there. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Where `cdktf diff` puts its plan, in the stack's folder; terraform-in-order.sh reads it there. */
const SAVED_PLAN = "plan";

/** Synthesizes all stacks into `cdktf.out`, where the runs that follow find them. */
export async function synthesize(options: CdktfOptions): Promise<void> {
  await runCdktf({ parameters: ["synth"], stack: "", log: "synth", variables: {}, changes: false }, options);
}

/**
 * Runs the ordinary `cdktf` for one stack, as it was synthesized. It asks nobody: what it would do has been shown before.
 * @returns all that Terraform said, without colour
 * @throws UserError with the end of what it said, and where all of it is; or where an earlier run left a state that was
 *   not saved, or the stack has changed since it was planned
 */
export async function cdktf(request: CdktfRun, options: CdktfOptions): Promise<string> {
  const { verb, stack, targets = [], planned = false, variables = {} } = request;
  if (existsSync(join("cdktf.out", "stacks", stack, "errored.tfstate"))) throw new UserError(unsavedState(stack));
  // The stacks that this one needs have had their turn.
  const alone = verb === "diff" ? [] : ["--auto-approve", "--ignore-missing-stack-dependencies"];
  const limits = targets.map((target) => `-target=${target}`).join(" ");
  // https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_cli_args-and-tf_cli_args_name
  const limited: Record<string, string> =
    limits && !planned ? { TF_CLI_ARGS_plan: limits, TF_CLI_ARGS_apply: limits } : {};
  const saved: Record<string, string> = planned ? { TERRAFORM_SAVED_PLAN: SAVED_PLAN } : {};
  // To refresh, Terraform would look up an image that may be gone, or was never there.
  const destroys: Record<string, string> = verb === "destroy" ? { TF_CLI_ARGS_destroy: "-refresh=false" } : {};
  return runCdktf(
    {
      parameters: [verb, stack, "--skip-synth", ...alone],
      stack,
      log: `${stack}-${verb}`,
      variables: { ...limited, ...saved, ...destroys, ...variables },
      changes: verb !== "diff",
    },
    options,
  );
}
