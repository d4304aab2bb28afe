import type { Environment } from "../../../environments/schema/index.ts";
import { messageOf } from "../errors.ts";
import type { Task, TaskList } from "../terminal/task-list.ts";
import { movesOf } from "./moves.ts";
import type { StackPlan } from "../terraform/plan.ts";
import { synthTask } from "./steps/synth.ts";
import { isPlanned, type Outlook, type StepName, type StepTask } from "./step.ts";

/** What one step would do. */
export interface PreviewRow extends Outlook {
  readonly step: StepName;
  readonly title: string;
}

/** What a deployment would do. */
export interface Preview {
  readonly rows: readonly PreviewRow[];
  /** What Terraform would do, of the stacks of which that can be known yet. */
  readonly plans: readonly StackPlan[];
}

/** Finds out what {@link deploy} would do, as far as that can be known, and changes nothing. */
export async function preview(
  environment: Environment,
  { signal, tasks }: { readonly signal: AbortSignal; readonly tasks: TaskList },
): Promise<Preview> {
  const rows: PreviewRow[] = [];
  const plans: StackPlan[] = [];
  const context = { environment, signal };
  const look = (task: StepTask): Task => ({
    title: task.title,
    run: async (say) => {
      const outlook = await outlookOf(task, plans, (line) => say.doing(line)).catch((error: unknown): Outlook => {
        signal.throwIfAborted();
        return { changes: undefined, fails: true, text: messageOf(error).split("\n", 1)[0]! };
      });
      rows.push({ step: task.step, title: task.title, ...outlook });
      return outlook.text;
    },
  });
  await tasks([synthTask(context), ...movesOf(context).flatMap((move) => move.tasks.map(look))]);
  return { rows, plans };
}

async function outlookOf(task: StepTask, plans: StackPlan[], onLine: (line: string) => void): Promise<Outlook> {
  if (!isPlanned(task)) return (await task.outlook?.()) ?? { changes: false, text: "every time" };
  const reason = await task.unplannable?.();
  if (reason) return { changes: undefined, text: reason };
  const plan = await task.plan(onLine);
  if (!plan) return { changes: false, text: "there already" };
  plans.push(plan);
  return { changes: plan.changes, text: plan.summary };
}
