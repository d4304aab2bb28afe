import { once } from "node:events";
import { Command, InvalidArgumentError, Option } from "commander";
import { DURATION_HINT, parseDuration } from "../environments/schema/duration.ts";
import { loadEnvironmentOnAws } from "./lib/aws/environment.ts";
import { readLog } from "./lib/logs/index.ts";
import { shownParts, type LogLine } from "./lib/logs/line.ts";
import { pc } from "./lib/terminal/colours.ts";
import { runCommand } from "./lib/terminal/command.ts";
import { ProgressLine } from "./lib/terminal/progress.ts";

interface Options {
  readonly since: Since;
  readonly follow?: boolean;
  readonly filter?: readonly string[];
  readonly task?: string;
  readonly errors?: boolean;
  readonly json?: boolean;
}

interface Since {
  readonly text: string;
  readonly seconds: number;
}

/** Colours of lines, by their level. */
const PAINT: Readonly<Record<string, (text: string) => string>> = { WARN: pc.yellow, ERROR: pc.red, FATAL: pc.red };

const command = new Command("npm run logs --")
  .description(
    "Shows the log of an environment's Keycloak, from CloudWatch Logs: when (UTC), the first digits of the task's id, and " +
      "the line.",
  )
  .argument("<environment>", "name of a file in environments/, such as production")
  .addOption(new Option("--since <duration>", "how far back: 30m, 2h, 1d").argParser(since).default(since("1h"), "1h"))
  .option("--follow", "go on with what comes, until Ctrl-C")
  .option("--filter <text>", "only lines with this text, upper and lower case as it is; may be repeated", collect)
  .option("--task <id>", "only lines of this task: its id, or the first digits of it", taskId)
  .option("--errors", "only lines at the levels WARN, ERROR and FATAL")
  .option("--json", "print one JSON object a line: time, task, level, text")
  .addHelpText(
    "after",
    "\nExamples:\n  npm run logs -- production --follow\n  npm run logs -- production --since 1d --errors\n" +
      "  npm run logs -- production --filter 'type=\"LOGIN_ERROR\"' --filter alice",
  );

let isClosed = false;
// Comes before runCommand's own, which aborts the signal.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => (isClosed ||= code === "EPIPE"));

await runCommand(command, async (signal, name, given) => {
  const { since, follow = false, filter = [], task, errors = false, json = false } = given as Options;
  const environment = await loadEnvironmentOnAws(name as string, "Keycloak writes no log to CloudWatch");
  const progress = new ProgressLine();
  progress.update(`Reading the log since ${since.text} ago ...`);
  const start = new Date(Date.now() - since.seconds * 1000);
  let lines = 0;
  try {
    for await (const line of readLog(environment, { signal, since: start, follow, texts: filter, errors, task })) {
      if (lines === 0) progress.clear();
      lines += 1;
      await write(json ? `${JSON.stringify(line)}\n` : shown(line), signal);
    }
  } catch (error) {
    // Ctrl-C is how following ends, and a closed pipe how any reading does.
    if (signal.aborted && (follow || isClosed)) return 0;
    throw error;
  } finally {
    progress.clear();
  }
  if (lines === 0) process.stderr.write(`No such line in the last ${since.text}.\n`);
  return 0;
});

/** Waits where whoever reads is slower than AWS. */
async function write(text: string, signal: AbortSignal): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain", { signal });
}

function shown(line: LogLine): string {
  const { time, task, text } = shownParts(line);
  const paint = PAINT[line.level ?? ""] ?? String;
  return `${pc.dim(time)} ${pc.dim(task)} ${paint(text)}\n`;
}

function since(text: string): Since {
  const seconds = parseDuration(text);
  if (seconds) return { text, seconds };
  throw new InvalidArgumentError(`Allowed: ${DURATION_HINT.replace("write ", "")}.`);
}

function taskId(text: string): string {
  if (/^[0-9a-f]{4,32}$/.test(text)) return text;
  throw new InvalidArgumentError("Allowed: 4 to 32 hexadecimal digits, as npm run status shows them.");
}

function collect(text: string, before: readonly string[] = []): string[] {
  if (!text.trim()) throw new InvalidArgumentError("Allowed: a text that is not empty.");
  return [...before, text];
}
