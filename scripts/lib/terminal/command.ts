import { setMaxListeners } from "node:events";
import { constants } from "node:os";
import { CommanderError, type Command } from "commander";
import { messageOf, UserError } from "../errors.ts";

/**
 * Runs a command line: prints errors in one clear line each, without a stack trace for what the user can mend, and
 * sets the exit code. The first Ctrl-C (or SIGTERM) aborts the signal, so that the command can tidy up; the second
 * ends it at once.
 * @param action gets the signal, then what commander gives an action; gives back the exit code
 */
export async function runCommand(
  command: Command,
  action: (signal: AbortSignal, ...parameters: unknown[]) => Promise<number>,
): Promise<void> {
  const abort = new AbortController();
  setMaxListeners(0, abort.signal); // requests that are under way at once listen, however many they are
  let interruption: NodeJS.Signals | undefined;
  const interrupt = (name: NodeJS.Signals) => {
    if (interruption) process.exit(exitCodeOf(name));
    interruption = name;
    abort.abort(new UserError("Interrupted."));
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => interrupt(name));

  // Whoever reads has had enough (npm run verify … | head): nothing is left to say, but there may be things to tidy up.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    if (!interruption) interrupt("SIGPIPE");
  });

  command.exitOverride().showHelpAfterError("Run it with --help to see what it takes.");
  command.action(async (...parameters: unknown[]) => {
    process.exitCode = await action(abort.signal, ...parameters);
  });
  try {
    await command.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode; // commander has printed it already
      return;
    }
    const text = error instanceof UserError ? error.message : `${messageOf(error)}\n${stackOf(error)}`;
    process.stderr.write(`${interruption ? "" : "Error: "}${text}\n`);
    process.exitCode = interruption ? exitCodeOf(interruption) : 1;
  }
}

/** 128 and the signal's number, as shells count. */
function exitCodeOf(name: NodeJS.Signals): number {
  return 128 + constants.signals[name];
}

/** Where an unexpected error comes from: this is a bug, and whoever reports it needs the lines. */
function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? "").split("\n").slice(1, 6).join("\n") : "";
}
