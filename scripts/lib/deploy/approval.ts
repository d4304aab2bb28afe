import { UserError } from "../errors.ts";
import { pc } from "../terminal/colours.ts";
import { Prompt } from "../terminal/prompt.ts";
import type { StackPlan } from "../terraform/plan.ts";

/** A plan as a person reads it: what is made green, what goes red. */
export function planText({ stack, part, text }: StackPlan): string {
  const lines = text.split("\n").map((line) => {
    if (/^\s*(-|-\/\+|\+\/-) |must be replaced|will be destroyed/.test(line)) return pc.red(line);
    if (/^\s*\+ /.test(line)) return pc.green(line);
    if (/^\s*~ /.test(line)) return pc.yellow(line);
    return line;
  });
  return `${pc.bold(stack)}${part ? `, ${part} only` : ""}\n${lines.join("\n")}`;
}

/**
 * Shows a plan, and lets a person say yes.
 * @throws UserError where the answer is anything else
 */
export async function askFor(plan: StackPlan, signal: AbortSignal): Promise<void> {
  const prompt = new Prompt({ signal, onInterrupt: () => process.kill(process.pid, "SIGINT") });
  try {
    prompt.say(`\n${planText(plan)}\n`);
    const answer = await prompt.ask(`Apply this to ${plan.stack}? Only yes is accepted: `);
    if (answer !== "yes") throw new UserError(`${plan.stack} was not approved, and not changed.`);
  } finally {
    prompt.close();
  }
}
