import { messageOf, UserError } from "../errors.ts";
import type { Task } from "../terminal/task-list.ts";
import { STEPS, type Move, type StepName, type StepTask } from "./step.ts";

/** What a step found or did. */
export interface StepResult {
  readonly step: StepName;
  readonly title: string;
  /** In a few words; empty where there is nothing to say. */
  readonly result: string;
  readonly seconds: number;
}

/** How a failure is told. */
export interface FailureOptions {
  readonly interrupted: boolean;
  /** Whether the command that goes on asks nobody either. */
  readonly autoApprove: boolean;
}

/** Keeps book of what is done, so that a failure can say how things stand and how to go on. */
export class Progress {
  readonly results: StepResult[] = [];
  private readonly left: StepTask[];
  /** What went wrong, by step: two that go side by side may both fail. */
  private readonly problems = new Map<StepName, string>();

  constructor(
    private readonly environment: string,
    moves: readonly Move[],
  ) {
    this.left = moves.flatMap((move) => move.tasks);
  }

  /** The same task, which also tells what has become of it. */
  counted(task: StepTask): Task {
    return {
      title: task.title,
      run: (say) =>
        this.during(task.step, async () => {
          const started = Date.now();
          const result = await task.run(say);
          const seconds = Math.round((Date.now() - started) / 100) / 10;
          this.results.push({ step: task.step, title: task.title, result: result ?? "", seconds });
          this.left.splice(this.left.indexOf(task), 1);
          return result;
        }),
    };
  }

  /** Does a part of a step. */
  async during<Result>(step: StepName, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      this.problems.set(step, messageOf(error));
      throw error;
    }
  }

  /**
   * What went wrong, how things stand, and the one command to go on.
   * @param problem what went wrong where it was in no step
   */
  failure(problem: string, { interrupted, autoApprove }: FailureOptions): string {
    const open = STEPS.filter((step) => this.left.some((task) => task.step === step));
    const done = STEPS.filter((step) => this.results.some((result) => result.step === step) && !open.includes(step));
    // What keeps tasks from running is mostly mended in their stack, which tells AWS.
    const from = open[0] === "service" ? "keycloak" : (open[0] ?? STEPS[0]);
    const at = STEPS.filter((step) => this.problems.has(step));
    const problems = at.map((step) => `${step}: ${this.problems.get(step)}`);
    const command = [
      `npm run deploy -- ${this.environment}`,
      ...(from === STEPS[0] ? [] : [`--from ${from}`]),
      ...(autoApprove ? ["--auto-approve"] : []),
    ];
    return [
      ...(interrupted
        ? [`Interrupted${at.length > 0 ? ` in ${list(at)}` : ""}.`]
        : problems.length > 0
          ? problems
          : [problem]),
      "",
      `Done in this run: ${list(done) || "nothing yet"}. To do: ${list(open)}.`,
      "Nothing is half done that a repetition does not mend: each step finds out by itself how far it got.",
      `To go on: ${command.join(" ")}`,
    ].join("\n");
  }
}

const list = (names: readonly string[]) => names.join(", ");

/**
 * Reads the name of a step.
 * @param allowed steps of this environment
 * @throws UserError that names them
 */
export function stepNamed(name: string, allowed: readonly StepName[]): StepName {
  const step = allowed.find((one) => one === name);
  if (step) return step;
  throw new UserError(`--from: "${name}" is no step of this environment. Allowed: ${allowed.join(", ")}`);
}
