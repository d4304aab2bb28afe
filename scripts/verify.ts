import { Command } from "commander";
import { pc } from "./lib/terminal/colours.ts";
import { aboutTarget, LOG_IN_HELP, targetOf } from "./lib/target.ts";
import { runCommand } from "./lib/terminal/command.ts";
import { ProgressLine } from "./lib/terminal/progress.ts";
import { CHECKS, verify } from "./lib/verify/index.ts";
import { countRows, verifySummary, verifyTable } from "./lib/verify/report.ts";

const command = new Command("npm run verify --")
  .description(
    "Proves on the live server that an environment's realm works for MCP clients, that each known hole is closed, and " +
      "that the realm is as defined. Removes every client and user that it makes. Exits 1 where anything fails.\n\n" +
      LOG_IN_HELP,
  )
  .argument("<environment>", "name of a file in environments/, such as production")
  .option("--login", "also log in as a temporary user, consent, and look at the tokens")
  .option("--json", "print one JSON object instead of a table")
  .addHelpText("after", "\nExample:\n  npm run verify -- production --login");

await runCommand(command, async (signal, name, options) => {
  const { login = false, json = false } = options as { login?: boolean; json?: boolean };
  const target = await targetOf(name as string, signal);
  const progress = new ProgressLine();
  let done = 0;
  if (!json) process.stdout.write(`Realm ${pc.bold(target.definition.realm)} at ${target.url}\n`);
  progress.update("Asking the server ...");
  const rows = await verify(target, {
    login,
    signal,
    onRow: (row) => progress.update(`${(done += 1)} of ${CHECKS.length}: ${row.behaviour}`),
  }).finally(() => progress.clear());

  const count = countRows(rows);
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...aboutTarget(target), ...count, rows })}\n`);
  } else {
    process.stdout.write(`${verifyTable(rows, process.stdout.columns || 0)}\n\n${verifySummary(rows)}\n`);
  }
  return count.fail > 0 ? 1 : 0;
});
