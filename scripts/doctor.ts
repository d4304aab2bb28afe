import { Command } from "commander";
import { loadEnvironmentOnAws } from "./lib/aws/environment.ts";
import { blocksDeployment, examine } from "./lib/doctor/index.ts";
import { doctorSummary, doctorTable } from "./lib/doctor/report.ts";
import { pc } from "./lib/terminal/colours.ts";
import { runCommand } from "./lib/terminal/command.ts";
import { ProgressLine } from "./lib/terminal/progress.ts";
import { countRows } from "./lib/terminal/row-status.ts";

const command = new Command("npm run doctor --")
  .description(
    "Looks at what this machine and the AWS account have and lack for a deployment of an environment: programs, " +
      "credentials, permissions, quotas, names, certificates. It changes nothing. Rows that are not ok say how to mend " +
      "them. Exits with 1 where a deployment would fail, with 0 otherwise.",
  )
  .argument("<environment>", "name of a file in environments/, such as production")
  .option("--json", "print one JSON object instead of a table")
  .addHelpText("after", "\nExample:\n  npm run doctor -- production");

await runCommand(command, async (signal, name, options) => {
  const { json = false } = options as { json?: boolean };
  const environment = await loadEnvironmentOnAws(name as string, "there is no deployment to prepare for");
  const { region } = environment.aws;
  const progress = new ProgressLine();
  if (!json) process.stdout.write(`Environment ${pc.bold(environment.name)} in ${region}\n`);
  progress.update("Looking at this machine and the account ...");
  const rows = await examine(environment, {
    signal,
    onRow: ({ what }) => progress.update(`Looking at this machine and the account ... ${what}`),
  }).finally(() => progress.clear());

  const blocked = blocksDeployment(rows);
  process.stdout.write(
    json
      ? `${JSON.stringify({ environment: environment.name, region, ready: !blocked, ...countRows(rows), rows })}\n`
      : `${doctorTable(rows, process.stdout.columns || 0)}\n\n${doctorSummary(rows)}\n`,
  );
  return blocked ? 1 : 0;
});
