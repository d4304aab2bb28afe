import { Command } from "commander";
import { pc } from "./lib/terminal/colours.ts";
import { benchLocal } from "./lib/local/bench.ts";
import { runCommand } from "./lib/terminal/command.ts";
import { stepPrinter } from "./lib/terminal/steps.ts";
import { table } from "./lib/terminal/table.ts";

const command = new Command("npm run bench --")
  .description(
    "Measures how long a first npm run local takes to be ready (Keycloak built, realm made, policies fixed, verified), " +
      "against the time in which the same distribution's own first kc.sh start-dev answers. In turn, downloads excluded.",
  )
  .option("--runs <number>", "how often each", "3")
  .option("--json", "print one JSON object instead of a table")
  .addHelpText("after", "\nExample:\n  npm run bench -- --runs 5");

await runCommand(command, async (signal, options) => {
  const { runs, json } = options as { runs: string; json?: boolean };
  const { startDev, local, ratio } = await benchLocal({ runs: Number(runs), signal, step: stepPrinter() });
  if (json) {
    process.stdout.write(`${JSON.stringify({ startDev, local, ratio })}\n`);
    return 0;
  }
  const seconds = (values: readonly number[]) => values.map((value) => `${value.toFixed(1)} s`);
  process.stdout.write(
    `${table([
      ["kc.sh start-dev answers", ...seconds(startDev)],
      ["npm run local is ready", ...seconds(local)],
    ])}\n${pc.bold(`ratio ${ratio.toFixed(2)}`)} (medians)\n`,
  );
  return 0;
});
