import { Command } from "commander";
import { pc } from "./lib/terminal/colours.ts";
import { fixPolicies } from "./lib/policies/fix.ts";
import { changeLine, fixReport } from "./lib/policies/report.ts";
import { aboutTarget, adminOf, LOG_IN_HELP, targetOf } from "./lib/target.ts";
import { runCommand } from "./lib/terminal/command.ts";
import { counted } from "./lib/terminal/counted.ts";
import { ProgressLine } from "./lib/terminal/progress.ts";

const command = new Command("npm run fix-policies --")
  .description(
    "Brings the client registration policies of an environment's realm to its definition, and which scopes discovery " +
      "lists, over the Admin REST API; restores client policies that somebody removed or changed.\n\n" +
      LOG_IN_HELP,
  )
  .argument("<environment>", "name of a file in environments/, such as production")
  .option("--dry-run", "change nothing; exit 2 where there is a difference, 0 where there is none")
  .option("--json", "print one JSON object instead of lines")
  .addHelpText(
    "after",
    "\nExamples:\n  npm run fix-policies -- production --dry-run\n  npm run fix-policies -- production",
  );

await runCommand(command, async (signal, name, options) => {
  const { dryRun = false, json = false } = options as { dryRun?: boolean; json?: boolean };
  const target = await targetOf(name as string, signal);
  const admin = adminOf(target, signal);
  const about = aboutTarget(target);
  const progress = new ProgressLine();
  const print = (line: string) => {
    if (!json) process.stdout.write(`${line}\n`);
  };

  print(`Registration policies of realm ${pc.bold(about.realm)} at ${about.url}`);
  progress.update("Reading the realm ...");
  const result = await fixPolicies(admin, target.definition, {
    dryRun,
    onPlan: (changes) => {
      progress.clear();
      changes.forEach((change) => print(`  ${changeLine(change)}`));
    },
    onChange: (change) => progress.update(`Changing ${change.title} ...`),
  }).finally(() => progress.clear());

  for (const title of result.unavailable) print(`  ${pc.dim(`  ${title}: this release of Keycloak does not have it`)}`);
  const count = counted(result.changes.length, "difference");
  if (json) process.stdout.write(`${JSON.stringify({ ...fixReport(result, about), requests: admin.requests })}\n`);
  if (result.changes.length === 0) print(pc.green("As defined, nothing to change."));
  else if (result.applied) print(pc.green(`${count} mended, and read back.`));
  else print(pc.yellow(`${count}. Nothing was changed (--dry-run).`));
  return dryRun && result.changes.length > 0 ? 2 : 0;
});
