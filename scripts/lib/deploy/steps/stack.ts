import type { Say } from "../../terminal/task-list.ts";
import { cdktf } from "../../terraform/cdktf.ts";
import { readPlan, type StackPlan } from "../../terraform/plan.ts";
import type { DeployContext, PlannedTask, StepName } from "../step.ts";

/** A stack, or a part of it, that Terraform brings about. */
export interface StackStep {
  readonly step: StepName;
  readonly title: string;
  /** Name of the stack without the environment's: `registry`. */
  readonly stack: "registry" | "keycloak" | "realm";
  /** Addresses that it is limited to. @default the whole stack */
  readonly targets?: () => readonly string[];
  /** Credentials that this stack's provider reads from the environment. @default none */
  readonly variables?: () => Promise<Record<string, string>>;
  /** What is found in place, in words, where there is nothing to do. @default Terraform decides */
  readonly found?: () => Promise<string | undefined>;
  /** Why it cannot be planned yet, in words. @default - it always can */
  readonly unplannable?: () => Promise<string | undefined>;
}

/** `cdktf deploy` of a stack; where somebody wants to see it first, of the plan that `cdktf diff` has made. */
export function stackTask({ environment, signal }: DeployContext, request: StackStep): PlannedTask {
  const { step, title, targets, variables, found, unplannable } = request;
  const stack = `${environment.name}-${request.stack}`;
  let planned: StackPlan | undefined;
  const run = async (verb: "diff" | "deploy", onLine: (line: string) => void, onWait?: (text: string) => void) =>
    cdktf(
      {
        verb,
        stack,
        targets: targets?.(),
        planned: verb === "deploy" && Boolean(planned),
        variables: await variables?.(),
      },
      { environment: environment.name, signal, onLine, onWait },
    );
  return {
    step,
    title,
    unplannable,
    async plan(onLine) {
      if (await found?.()) return undefined;
      planned = { ...readPlan(stack, await run("diff", onLine)), ...(targets && { part: title.toLowerCase() }) };
      return planned;
    },
    async run(say: Say) {
      const there = await found?.();
      if (there) return there;
      if (planned && !planned.changes) return planned.summary;
      return summaryOf(await run("deploy", say.doing, say.event));
    },
  };
}

/** Terraform's own last word: `3 added, 0 changed, 0 destroyed`. */
function summaryOf(said: string): string | undefined {
  const counts = /Apply complete! Resources: (?:\d+ imported, )?(.+?)\./.exec(said)?.[1];
  return counts === "0 added, 0 changed, 0 destroyed" ? "no changes" : counts;
}
