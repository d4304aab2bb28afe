import { Argument, Command } from "commander";
import type { BenchOptions, Comparison } from "./lib/bench/comparison.ts";
import { benchLocalRun } from "./lib/bench/local-run.ts";
import { benchOptimizedStart } from "./lib/bench/optimized-start.ts";
import { benchSynth } from "./lib/bench/synth.ts";
import { UserError } from "./lib/errors.ts";
import { pc } from "./lib/terminal/colours.ts";
import { runCommand } from "./lib/terminal/command.ts";
import { stepPrinter } from "./lib/terminal/steps.ts";
import { table } from "./lib/terminal/table.ts";

const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<Comparison>>> = {
  local: benchLocalRun,
  synth: benchSynth,
  image: benchOptimizedStart,
};

const command = new Command("npm run bench --")
  .description(
    "Measures ratios. local: a first npm run local until it is ready (Keycloak built, realm made, policies fixed, " +
      "verified), to the same distribution's own first kc.sh start-dev until it answers, downloads excluded. synth: " +
      "npx tsx main.ts for every environment, to an app with the same providers and one empty stack. image: a start of the optimized " +
      "Keycloak of the image, to one of the plain distribution with the same options, which builds first.",
  )
  .addArgument(new Argument("[which]", "only this one").choices(Object.keys(BENCHES)))
  .option("--runs <number>", "how often each", "3")
  .option("--json", "print one JSON object instead of tables")
  .addHelpText("after", "\nExample:\n  npm run bench -- synth --runs 5");

await runCommand(command, async (signal, which, options) => {
  const { runs: given, json } = options as { runs: string; json?: boolean };
  const runs = Number(given);
  if (!Number.isInteger(runs) || runs < 1) throw new UserError(`--runs ${given}: give a whole number from 1 on.`);

  const results: Record<string, Comparison> = {};
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (which !== undefined && which !== name) continue;
    results[name] = await bench({ runs, signal, step: stepPrinter() });
    if (!json) process.stdout.write(`${inWords(results[name])}\n`);
  }
  if (json) process.stdout.write(`${JSON.stringify(results)}\n`);
  return 0;
});

function inWords({ baseline, ours, ratio }: Comparison): string {
  const row = ({ title, seconds }: Comparison["ours"]) => [title, ...seconds.map((value) => `${value.toFixed(1)} s`)];
  return `${table([row(baseline), row(ours)])}\n${pc.bold(`ratio ${ratio.toFixed(2)}`)} (medians)\n`;
}
