import { coloursFor } from "./colours.ts";
import { ProgressLine } from "./progress.ts";

/** Shows one step: its title and time while it runs, then a line that stays. */
export type Step = <Result>(
  title: string,
  work: (update: (text: string) => void) => Promise<Result>,
) => Promise<Result>;

/**
 * Makes a {@link Step} that writes to a stream: on a terminal a line that moves, elsewhere one line per step.
 * @param stream @default standard error, so that results can be piped
 */
export function stepPrinter(stream: NodeJS.WriteStream = process.stderr): Step {
  const pc = coloursFor(stream);
  return async (title, work) => {
    const progress = new ProgressLine(stream);
    const started = Date.now();
    const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
    let detail = "";
    const show = () => progress.update(`… ${title}  ${seconds()}${detail && `  ${detail}`}`);
    const clock = setInterval(show, 250);
    show();
    try {
      const result = await work((text) => {
        detail = text;
      });
      progress.clear();
      stream.write(`${pc.green("✔")} ${title}  ${pc.dim(seconds())}\n`);
      return result;
    } catch (error) {
      progress.clear();
      stream.write(`${pc.red("✖")} ${title}  ${pc.dim(seconds())}\n`);
      throw error;
    } finally {
      clearInterval(clock);
    }
  };
}
