import { Command } from "commander";
import { loadEnvironmentOnAws } from "./lib/aws/environment.ts";
import { findSnapshot } from "./lib/aws/snapshot.ts";
import { assertDestroyable, destroy } from "./lib/destroy/index.ts";
import { finalSnapshotName, whatGoes, whatStays } from "./lib/destroy/kept.ts";
import { UserError } from "./lib/errors.ts";
import { pc } from "./lib/terminal/colours.ts";
import { runCommand } from "./lib/terminal/command.ts";
import { confirm } from "./lib/terminal/confirm.ts";
import { table } from "./lib/terminal/table.ts";
import { taskList } from "./lib/terminal/task-list.ts";

const command = new Command("npm run destroy --")
  .description(
    "Destroys an environment on AWS: Keycloak with its database, realm and network, then the registry. Refuses while " +
      "anything is protected, in its file or on AWS. Says beforehand what goes for good and what stays, and goes on only where " +
      "the environment's name is typed.",
  )
  .argument("<environment>", "name of a file in environments/, such as staging")
  .option("--yes", "do not ask; not for an environment whose stage is production")
  .option("--json", "print one JSON object at the end")
  .addHelpText("after", "\nExample:\n  npm run destroy -- staging");

await runCommand(command, async (signal, name, options) => {
  const { yes = false, json } = options as { yes?: boolean; json?: boolean };
  const environment = await loadEnvironmentOnAws(name as string, "nothing of it is on AWS to be destroyed");
  if (yes && environment.aws.stage === "production")
    throw new UserError(
      `${environment.name} is a production environment (aws.stage): --yes does not do for it. Run the command on a ` +
        "terminal, and type the environment's name.",
    );
  const account = await assertDestroyable(environment, signal);
  const goes = whatGoes(environment).map((line) => `  ${line}\n`);
  await confirm(
    `${pc.bold(`${environment.name} in account ${account}, ${environment.aws.region},`)} will be destroyed. For good go:\n${goes.join("")}`,
    environment.name,
    yes,
    signal,
  );
  await destroy(environment, { signal, tasks: taskList() });
  const stays = whatStays(
    environment,
    await findSnapshot(finalSnapshotName(environment.name), environment.aws.region, signal),
  );
  if (json) process.stdout.write(`${JSON.stringify({ environment: environment.name, stays })}\n`);
  else
    process.stdout.write(
      `${pc.green(`${environment.name} is destroyed.`)} What stays:\n${table(stays, process.stdout.columns || 0)}\n`,
    );
  return 0;
});
