import { Command, InvalidArgumentError } from "commander";
import { messageOf, UserError } from "./lib/errors.ts";
import { pruneClients } from "./lib/prune/prune.ts";
import { outcomeReport, planReport, pruneReport } from "./lib/prune/report.ts";
import { aboutTarget, adminOf, LOG_IN_HELP, targetOf } from "./lib/target.ts";
import { pc } from "./lib/terminal/colours.ts";
import { runCommand } from "./lib/terminal/command.ts";
import { counted } from "./lib/terminal/counted.ts";
import { ProgressLine } from "./lib/terminal/progress.ts";

const command = new Command("npm run prune-clients --")
  .description(
    "Finds clients that registered themselves and that nobody has used for some days, and removes them with --apply. MCP " +
      "clients register anew on every machine, and from registration.maxClients on nobody can register.\n\n" +
      "A client is unused where nobody has a session with it now, and the realm's saved events (realm.events) show no " +
      "login and no registration in that time. Where they do not reach back far enough, nothing is done. Whatever is not " +
      "certainly self-registered stays.\n\n" +
      LOG_IN_HELP,
  )
  .argument("<environment>", "name of a file in environments/, such as production")
  .option("--days <number>", "how long a client must have been unused", days, 30)
  .option(
    "--apply",
    "remove them; without it nothing is changed, and the exit code is 2 where there are any, 0 where not",
  )
  .option("--json", "print one JSON object instead of lines")
  .addHelpText(
    "after",
    "\nExamples:\n  npm run prune-clients -- production\n  npm run prune-clients -- production --days 60 --apply",
  );

await runCommand(command, async (signal, name, options) => {
  const { days, apply = false, json = false } = options as { days: number; apply?: boolean; json?: boolean };
  const target = await targetOf(name as string, signal);
  const admin = adminOf(target, signal);
  const about = aboutTarget(target);
  const progress = new ProgressLine();
  const print = (line: string) => {
    if (!json) process.stdout.write(`${line}\n`);
  };
  let [done, removed, all] = [0, 0, 0];

  print(`Clients of realm ${pc.bold(about.realm)} at ${about.url}`);
  progress.update("Reading clients, sessions and events ...");
  try {
    const result = await pruneClients(admin, target.definition, {
      environment: target.environment,
      days,
      apply,
      onPlan: (plan) => {
        progress.clear();
        all = plan.unused.length;
        print(`${planReport(plan, process.stdout.columns || 0)}\n`);
      },
      onOutcome: (_, outcome) => {
        if (outcome === "removed") removed += 1;
        progress.update(`Removing: ${(done += 1)} of ${counted(all, "client")} ...`);
      },
    }).finally(() => progress.clear());
    if (json) process.stdout.write(`${JSON.stringify({ ...pruneReport(result, about), requests: admin.requests })}\n`);
    print(outcomeReport(result));
    return !apply && result.unused.length > 0 ? 2 : 0;
  } catch (error) {
    if (done === 0 || !(error instanceof UserError)) throw error;
    throw new UserError(
      `${messageOf(error)} ${removed} of ${counted(all, "client")} are removed; the same command goes on with the others.`,
    );
  }
});

function days(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Allowed: a whole number of days, 1 to 9999.");
}
