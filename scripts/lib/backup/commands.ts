import { Command } from "commander";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { loadEnvironmentOnAws } from "../aws/environment.ts";
import { pc } from "../terminal/colours.ts";
import { runCommand } from "../terminal/command.ts";
import { confirm } from "../terminal/confirm.ts";
import { stepPrinter } from "../terminal/steps.ts";
import { table } from "../terminal/table.ts";
import { startCommands } from "./hints.ts";
import { backupsOf, load } from "./load.ts";
import { save } from "./save.ts";

/** What a command is about, for its help and its words. */
interface About {
  readonly description: string;
  /** Of what is done, such as `Dumped.` */
  readonly done: string;
}

/** The command line of a task that writes into the bucket. */
export async function saveCommand(
  task: "db-dump" | "realm-export",
  { description, done, caution }: About & { readonly caution?: string },
): Promise<void> {
  const command = new Command(`npm run ${task} --`)
    .description(description)
    .argument("<environment>", "name of a file in environments/, such as production")
    .option("--json", "print one JSON object instead of lines")
    .addHelpText("after", `\nExample:\n  npm run ${task} -- production`);
  await runCommand(command, async (signal, name, options) => {
    const { json } = options as { json?: boolean };
    const environment = await onAws(name as string);
    const saved = await save(environment, task, { signal, step: stepPrinter() });
    const back = `npm run ${task === "db-dump" ? "db-restore" : "realm-import"} -- ${environment.name} ${saved.key}`;
    const remark = caution && saved.keycloakTasks > 0 ? `${pc.yellow(caution)}\n` : "";
    const copy = `aws s3 cp ${saved.uri} . --region ${environment.aws.region}`;
    process.stdout.write(
      json
        ? `${JSON.stringify(saved)}\n`
        : `${pc.green(done)}\n${remark}${table([
            ["Object", saved.uri],
            ["Copy", copy],
            ["Restore", back],
          ])}\n`,
    );
    return 0;
  });
}

/** The command line of a task that overwrites what there is. */
export async function loadCommand(
  task: "db-restore" | "realm-import",
  { description, done, overwrites }: About & { readonly overwrites: (environment: EnvironmentOnAws) => string },
): Promise<void> {
  const command = new Command(`npm run ${task} --`)
    .description(description)
    .argument("<environment>", "name of a file in environments/, such as production")
    .argument("[object]", "key of the object in the bucket; without it, you are told which there are")
    .option("--list", "only list what there is to restore, the newest first")
    .option("--yes", "do not ask")
    .option("--json", "print one JSON object instead of lines")
    .addHelpText(
      "after",
      `\nExamples:\n  npm run ${task} -- production --list\n  npm run ${task} -- production ${
        task === "db-restore" ? "database/2026-11-24T11-05-02Z.dump" : "realm/2026-11-24T11-05-02Z.json"
      }`,
    );
  await runCommand(command, async (signal, name, key, options) => {
    const { list, yes = false, json } = options as { list?: boolean; yes?: boolean; json?: boolean };
    const environment = await onAws(name as string);
    const step = stepPrinter();
    if (list) {
      const found = await backupsOf(environment, task, { signal, step });
      const rows = found.objects.map((object) => [object.key, object.written, `${object.bytes} bytes`]);
      process.stdout.write(json ? `${JSON.stringify(found)}\n` : `${table(rows) || "The bucket is empty."}\n`);
      return 0;
    }
    const loaded = await load(environment, task, key as string | undefined, {
      signal,
      step,
      confirm: (uri) => confirm(`${overwrites(environment)} by ${uri}.`, environment.name, yes, signal),
    });
    const next = startCommands(environment);
    process.stdout.write(
      json
        ? `${JSON.stringify({ ...loaded, nextSteps: next })}\n`
        : `${pc.green(done)}\n\nNext:\n${next.map((line, index) => `  ${index + 1}. ${line}\n`).join("")}`,
    );
    return 0;
  });
}

function onAws(name: string): Promise<EnvironmentOnAws> {
  return loadEnvironmentOnAws(name, "its database is not ours to back up");
}
