import {
  Listr,
  ListrLogger,
  PRESET_TIMER,
  ProcessOutput,
  type DefaultRenderer,
  type ListrTaskWrapper,
  type SimpleRenderer,
} from "listr2";
import { coloursFor, wantsColour } from "./colours.ts";
import { elapsed } from "./time.ts";

/** How a task tells what it is doing. */
export interface Say {
  /** What is going on now; on a terminal it replaces what was said before, elsewhere it is left out. */
  readonly doing: (text: string) => void;
  /** What has happened, for good. */
  readonly event: (text: string) => void;
}

/** One task of a list. */
export interface Task {
  readonly title: string;
  /** @returns what came of it, in a few words, shown beside the title */
  readonly run: (this: void, say: Say) => Promise<string | undefined>;
}

/**
 * Runs tasks one after another, or all at once, and shows them with the time they take. Where one fails, those that run
 * beside it are waited for, and those that would follow do not begin.
 */
export type TaskList = (tasks: readonly Task[], options?: { readonly concurrent?: boolean }) => Promise<void>;

type Wrapper = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

/**
 * Makes a {@link TaskList}: on a terminal a live list, elsewhere a line when a task begins and one when it has ended.
 * @param stream @default standard error, so that results can be piped
 */
export function taskList(stream: NodeJS.WriteStream = process.stderr): TaskList {
  return stream.isTTY && wantsColour(stream) ? liveList(stream) : plainList(stream);
}

function liveList(stream: NodeJS.WriteStream): TaskList {
  return async (tasks, { concurrent = false } = {}) => {
    const failures: unknown[] = [];
    const list = new Listr(
      tasks.map(({ title, run }) => ({
        title,
        task: async (_: unknown, task: Wrapper) => {
          const started = Date.now();
          const clock = setInterval(() => (task.title = `${title}  ${elapsed(Date.now() - started)}`), 1000);
          const say = (text: string) => (task.output = text);
          try {
            const result = await run({ doing: say, event: say });
            task.title = result ? `${title}: ${result}` : title;
          } catch (error) {
            failures.push(error);
            task.title = title;
            throw error;
          } finally {
            clearInterval(clock);
          }
        },
      })),
      {
        concurrent,
        exitOnError: !concurrent,
        fallbackRendererCondition: () => false, // decided above
        registerSignalListeners: false, // the command waits until all has ended in order
        rendererOptions: {
          timer: PRESET_TIMER,
          showErrorMessage: false, // the command says it once, and what to do
          logger: new ListrLogger({ processOutput: new ProcessOutput(stream, stream) }),
        },
      },
    );
    await list.run().catch((error: unknown) => {
      if (failures.length === 0) throw error;
    });
    if (failures.length > 0) throw failures[0];
  };
}

function plainList(stream: NodeJS.WriteStream): TaskList {
  const pc = coloursFor(stream);
  const line = (text: string) => stream.write(`${text}\n`);
  const perform = async ({ title, run }: Task) => {
    const started = Date.now();
    const seconds = () => elapsed(Date.now() - started);
    line(`… ${title}`);
    try {
      const result = await run({ doing: () => undefined, event: (text) => line(`    ${title}: ${text}`) });
      line(`${pc.green("✔")} ${title}${result ? `: ${result}` : ""}  ${pc.dim(seconds())}`);
    } catch (error) {
      line(`${pc.red("✖")} ${title}  ${pc.dim(seconds())}`);
      throw error;
    }
  };
  return async (tasks, { concurrent = false } = {}) => {
    if (!concurrent) {
      for (const task of tasks) await perform(task);
      return;
    }
    const ended = await Promise.allSettled(tasks.map(perform));
    const failed = ended.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  };
}
