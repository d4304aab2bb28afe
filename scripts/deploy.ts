import { Command, Option } from "commander";
import { loadEnvironment } from "../environments/index.ts";
import { isOnAws, type EnvironmentOnAws } from "../environments/schema/on-aws.ts";
import type { Environment } from "../environments/schema/index.ts";
import { deploy, stepsOf, type Deployment } from "./lib/deploy/index.ts";
import { askFor, planText } from "./lib/deploy/approval.ts";
import { preview, type Preview } from "./lib/deploy/preview.ts";
import { stepNamed } from "./lib/deploy/progress.ts";
import { STEPS } from "./lib/deploy/step.ts";
import { UserError } from "./lib/errors.ts";
import { pc } from "./lib/terminal/colours.ts";
import { runCommand } from "./lib/terminal/command.ts";
import { taskList } from "./lib/terminal/task-list.ts";
import { table } from "./lib/terminal/table.ts";
import { countRows } from "./lib/verify/report.ts";

const command = new Command("npm run deploy --")
  .description(
    "Takes an environment from nothing to verified: passwords, registry, image beside the database, Keycloak, its realm " +
      "(phase 1, by cdktf deploy), registration policies by the Admin API (phase 2), and the proof. Each step finds out what " +
      "is there: stop it at any moment, and run it again. Shows each Terraform plan and asks, unless --auto-approve is given.",
  )
  .argument("<environment>", "name of a file in environments/, such as production")
  .addOption(
    new Option(
      "--plan",
      "show what would happen, and change nothing; exit 2 where something would, 1 where it would fail",
    ),
  )
  .addOption(new Option("--from <step>", `begin at a step: ${STEPS.join(", ")}`).conflicts("plan"))
  .addOption(new Option("--auto-approve", "do not show plans, and do not ask").conflicts("plan"))
  .option("--json", "print one JSON object at the end")
  .addHelpText(
    "after",
    "\nExamples:\n  npm run deploy -- production --plan\n  npm run deploy -- production\n" +
      "  npm run deploy -- production --from realm --auto-approve",
  );

await runCommand(command, async (signal, name, options) => {
  const { plan, from, autoApprove, json } = options as Record<string, boolean | undefined> & { from?: string };
  const environment = await loadEnvironment(name as string);
  const tasks = taskList();
  if (plan) {
    const found = await preview(environment, { signal, tasks });
    process.stdout.write(json ? `${JSON.stringify(found)}\n` : previewText(found));
    if (found.rows.some(({ fails }) => fails)) return 1;
    return found.rows.some(({ changes }) => changes !== false) ? 2 : 0;
  }
  const first = from === undefined ? undefined : stepNamed(from, stepsOf(environment));
  if (!autoApprove && !process.stdin.isTTY)
    throw new UserError(
      "Nobody is here to be shown the plans: add --auto-approve where that is what you want, or look with --plan.",
    );
  const deployment = await deploy(environment, {
    signal,
    tasks,
    from: first,
    approve: autoApprove ? undefined : (terraform) => askFor(terraform, signal),
  });
  process.stdout.write(json ? `${JSON.stringify(deployment)}\n` : deploymentText(environment, deployment));
  return 0;
});

function previewText({ rows, plans }: Preview): string {
  const mark = { true: "change", false: "-", undefined: "later" };
  const cells = rows.map(({ step, title, changes, fails, text }) => [
    fails ? "FAIL" : mark[`${changes}`],
    step,
    title,
    text,
  ]);
  const colours: Record<string, (text: string) => string> = { change: pc.yellow, FAIL: pc.red };
  const paint = (cell: string, column: number) => (column === 0 ? (colours[cell]?.(cell) ?? cell) : cell);
  return `${plans
    .filter(({ changes }) => changes)
    .map((plan) => `${planText(plan)}\n\n`)
    .join("")}${table(cells, process.stdout.columns || 0, paint)}\n\nNothing was changed.\n`;
}

function deploymentText(environment: Environment, { url, issuer, rows }: Deployment): string {
  const { name } = environment;
  const { pass, skip } = countRows(rows);
  const next = isOnAws(environment)
    ? [
        ["Admin console", `${url}/admin/ (npm run admin -- ${name})`],
        ["Alarms", whoIsTold(environment)],
        ["How it is", `npm run status -- ${name}`],
      ]
    : [
        ["Admin console", `${url}/admin/`],
        ["How it is", `npm run verify -- ${name}`],
      ];
  return `${pc.green(`Deployed and verified: ${pass} passed, ${skip} skipped.`)}\n${table([["Issuer", issuer], ...next])}\n`;
}

function whoIsTold({ name, aws }: EnvironmentOnAws): string {
  const { alarmEmail } = aws.monitoring;
  return alarmEmail
    ? `to ${alarmEmail}, once the mail from AWS is confirmed`
    : `nobody is told: aws.monitoring.alarmEmail in environments/${name}.ts`;
}
