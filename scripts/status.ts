import { Command } from "commander";
import { loadEnvironmentOnAws } from "./lib/aws/environment.ts";
import { environmentStatus } from "./lib/status/index.ts";
import { statusSummary, statusTable } from "./lib/status/report.ts";
import { SUBJECTS } from "./lib/status/row.ts";
import { pc } from "./lib/terminal/colours.ts";
import { runCommand } from "./lib/terminal/command.ts";
import { ProgressLine } from "./lib/terminal/progress.ts";
import { countRows } from "./lib/terminal/row-status.ts";

const command = new Command("npm run status --")
  .description(
    "Shows the state of a deployed environment at one look: whether Keycloak answers, service, tasks, load balancer, " +
      "database, certificate, alarms and whom they tell, version, the realm's drift, and the last deployment. Changes nothing. Exits 1 where a row fails, " +
      "or nothing is deployed; warnings are allowed.\n\n" +
      "For the drift it logs in to Keycloak as KEYCLOAK_USER and KEYCLOAK_PASSWORD, or KEYCLOAK_CLIENT_ID and " +
      "KEYCLOAK_CLIENT_SECRET, or else as the administrator of the first start, whose password is in SSM.",
  )
  .argument("<environment>", "name of a file in environments/, such as production")
  .option("--no-drift", "do not compare the live realm with its definition")
  .option("--json", "print one JSON object instead of a table")
  .addHelpText(
    "after",
    "\nExamples:\n  npm run status -- production\n  npm run status -- production --no-drift --json",
  );

await runCommand(command, async (signal, name, options) => {
  const { drift = true, json = false } = options as { drift?: boolean; json?: boolean };
  const environment = await loadEnvironmentOnAws(name as string, "there is no deployment of it to look at");
  const { keycloak, aws } = environment;
  const progress = new ProgressLine();
  const waited = new Set<string>(SUBJECTS.filter((subject) => drift || subject !== "Realm"));
  const update = () => progress.update(`Looking at ${environment.name}: ${[...waited].join(", ")} ...`);
  update();
  const { deployed, rows } = await environmentStatus(environment, {
    signal,
    drift,
    onSubject: (subject) => {
      waited.delete(subject);
      update();
    },
  }).finally(() => progress.clear());

  const count = countRows(rows);
  const deploy = `npm run deploy -- ${environment.name}`;
  if (json) {
    const about = { environment: environment.name, region: aws.region, url: keycloak.url, deployed };
    process.stdout.write(`${JSON.stringify({ ...about, ...count, rows })}\n`);
  } else if (deployed) {
    process.stdout.write(
      `${pc.bold(environment.name)} in ${aws.region}, ${keycloak.url}\n` +
        `${statusTable(rows, process.stdout.columns || 0)}\n\n${statusSummary(rows)}\n`,
    );
  } else {
    process.stdout.write(
      `Nothing is deployed of ${environment.name} in ${aws.region}: it has no service, target group or database there.\n` +
        `Deploy it: ${deploy}\n`,
    );
  }
  return deployed && count.fail === 0 ? 0 : 1;
});
