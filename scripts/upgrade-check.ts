import { Command, InvalidArgumentError } from "commander";
import { loadEnvironmentOnAws } from "./lib/aws/environment.ts";
import { pc } from "./lib/terminal/colours.ts";
import { runCommand } from "./lib/terminal/command.ts";
import { stepPrinter } from "./lib/terminal/steps.ts";
import { checkUpgrade, nextSteps, type UpgradeCheck } from "./lib/upgrade/check.ts";

const command = new Command("npm run upgrade-check --")
  .description(
    "Says whether the environment's next deployment may replace tasks one by one, or must stop all old ones first: asks " +
      "Keycloak's own update-compatibility, of the release that runs and of the one that comes. Needs Java 17 or newer. " +
      "Exits with 0 where old and new tasks may run at once, with 3 where they may not, with 1 on an error.",
  )
  .argument("<environment>", "name of a file in environments/, such as production")
  .option("--deployed-version <release>", "compare with this release instead of asking AWS what runs", release)
  .option("--json", "print one JSON object instead of lines")
  .addHelpText(
    "after",
    "\nExamples:\n  npm run upgrade-check -- production\n  npm run upgrade-check -- production --deployed-version 26.4.5",
  );

await runCommand(command, async (signal, name, options) => {
  const { deployedVersion, json } = options as { deployedVersion?: string; json?: boolean };
  const environment = await loadEnvironmentOnAws(name as string, "there is no deployment of it to check");
  const check = await checkUpgrade(environment, { signal, step: stepPrinter(), deployedVersion });
  const steps = nextSteps(check);
  process.stdout.write(json ? `${JSON.stringify({ ...check, nextSteps: steps })}\n` : report(check, steps));
  return check.verdict === "recreate" ? 3 : 0;
});

function report({ verdict, deployedVersion, newVersion, reasons }: UpgradeCheck, steps: readonly string[]): string {
  const headline = {
    first: pc.green(`Nothing runs yet: Keycloak ${newVersion} is a first deployment.`),
    rolling: pc.green(
      `Rolling: tasks of Keycloak ${deployedVersion} and ${newVersion} may run at once; no request is lost.`,
    ),
    recreate: pc.yellow(
      `Recreate: tasks of Keycloak ${deployedVersion} and ${newVersion} must not run at once; they would be two clusters on ` +
        "one database, with different ideas of the realm.",
    ),
  }[verdict];
  const why = reasons.map((reason) => `  ${reason}\n`).join("");
  const cost =
    verdict === "recreate"
      ? "Nobody can log in between the last old task and the first new one, two to four minutes; logins that exist go on " +
        "afterwards, since sessions are in the database.\n"
      : "";
  return `${headline}\n${why}${cost}\nNext:\n${steps.map((step, index) => `  ${index + 1}. ${step}\n`).join("")}`;
}

function release(text: string): string {
  if (/^\d+\.\d+\.\d+$/.test(text)) return text;
  throw new InvalidArgumentError("Allowed: a release such as 26.7.3.");
}
