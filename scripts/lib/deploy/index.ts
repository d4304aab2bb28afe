import type { Environment } from "../../../environments/schema/index.ts";
import { isOnAws } from "../../../environments/schema/on-aws.ts";
import { messageOf, UserError } from "../errors.ts";
import type { Task, TaskList } from "../terminal/task-list.ts";
import type { VerifyRow } from "../verify/index.ts";
import { movesOf } from "./moves.ts";
import type { StackPlan } from "../terraform/plan.ts";
import { Progress, type StepResult } from "./progress.ts";
import { synthTask } from "./steps/synth.ts";
import { isPlanned, STEPS, type DeployContext, type Move, type PlannedTask, type StepName } from "./step.ts";

/** How an environment is deployed. */
export interface DeployOptions {
  readonly signal: AbortSignal;
  /** Runs and shows the steps. */
  readonly tasks: TaskList;
  /**
   * Shows a person what Terraform would do, and throws where that is not wanted. Nobody is asked where a plan has no
   * changes. @default - nobody is asked, and nothing is planned beforehand
   */
  readonly approve?: (plan: StackPlan) => Promise<void>;
  /** Begins there; the steps before are taken for done. @default the first */
  readonly from?: StepName;
}

/** What a deployment has come to. */
export interface Deployment {
  readonly environment: string;
  readonly url: string;
  readonly issuer: string;
  /** What each step found or did, in order. */
  readonly steps: readonly StepResult[];
  /** The rows of `verify`. */
  readonly rows: readonly VerifyRow[];
}

/**
 * Takes an environment from nothing, or from where it stands, to verified: both phases, step by step. Each step finds out
 * by itself what is there already, so that the whole can be stopped at any moment and run again.
 * @throws UserError that says which step failed and why, what is done, and the one command to go on
 */
export async function deploy(environment: Environment, options: DeployOptions): Promise<Deployment> {
  const { signal, tasks, approve, from = STEPS[0] } = options;
  const context: DeployContext = { environment, signal };
  const moves = movesOf(context).map((move) => ({ ...move, tasks: move.tasks.filter((task) => isDue(task, from)) }));
  const progress = new Progress(environment.name, moves);
  const synth: Task[] = moves.some((move) => move.tasks.some(isPlanned)) ? [synthTask(context)] : [];
  try {
    if (approve) await withApproval(moves, { tasks, progress, synth, approve });
    else await inOneGo(moves, { tasks, progress, synth });
  } catch (error) {
    throw new UserError(progress.failure(messageOf(error), { interrupted: signal.aborted, autoApprove: !approve }));
  }
  const { url } = environment.keycloak;
  return {
    environment: environment.name,
    url,
    issuer: `${url}/realms/${environment.realm.name}`,
    steps: progress.results,
    rows: context.rows ?? [],
  };
}

/** Whether a step has its turn. */
function isDue({ step }: { readonly step: StepName }, from: StepName): boolean {
  return STEPS.indexOf(step) >= STEPS.indexOf(from);
}

interface Way {
  readonly tasks: TaskList;
  readonly progress: Progress;
  /** Goes before the steps that run Terraform. */
  readonly synth: readonly Task[];
}

/** Everything without asking: steps that follow one another are one list. */
async function inOneGo(moves: readonly Move[], { tasks, progress, synth }: Way): Promise<void> {
  let list: Task[] = [...synth];
  const flush = async () => {
    if (list.length > 0) await tasks(list);
    list = [];
  };
  for (const move of moves) {
    const counted = move.tasks.map((task) => progress.counted(task));
    if (!move.concurrent || counted.length < 2) {
      list.push(...counted);
      continue;
    }
    await flush();
    await tasks(counted, { concurrent: true });
  }
  await flush();
}

/** The same, where a person sees each plan before it is carried out. */
async function withApproval(
  moves: readonly Move[],
  { tasks, progress, synth, approve }: Way & { readonly approve: (plan: StackPlan) => Promise<void> },
): Promise<void> {
  if (synth.length > 0) await tasks(synth);
  for (const move of moves) {
    for (const task of move.tasks) {
      if (!isPlanned(task)) continue;
      const plan = await planOf(task, tasks);
      if (plan?.changes) await progress.during(task.step, () => approve(plan));
    }
    const counted = move.tasks.map((task) => progress.counted(task));
    if (counted.length > 0) await tasks(counted, { concurrent: move.concurrent });
  }

  async function planOf(task: PlannedTask, list: TaskList): Promise<StackPlan | undefined> {
    let plan: StackPlan | undefined;
    const title = `Plan: ${task.title}`;
    const run: Task["run"] = (say) =>
      progress.during(task.step, async () => {
        plan = await task.plan((line) => say.doing(line));
        return plan?.summary ?? "nothing to do";
      });
    await list([{ title, run }]);
    return plan;
  }
}

/** Whether an environment has all steps, or those of the realm only. */
export function stepsOf(environment: Environment): readonly StepName[] {
  return isOnAws(environment) ? STEPS : ["realm", "policies", "verify"];
}
