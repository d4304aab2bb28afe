import { Command, Option } from "commander";
import { loadEnvironmentOnAws } from "./lib/aws/environment.ts";
import { prepareRotations, SECRETS, type RotationResult, type SecretKind } from "./lib/rotate-secrets/index.ts";
import { pc } from "./lib/terminal/colours.ts";
import { runCommand } from "./lib/terminal/command.ts";
import { confirm } from "./lib/terminal/confirm.ts";
import { stepPrinter } from "./lib/terminal/steps.ts";
import { wrap } from "./lib/terminal/table.ts";

const command = new Command("npm run rotate-secrets --")
  .description(
    "Gives Keycloak's first administrator and the database new passwords, and puts them into the SSM parameters that hold " +
      "the old ones. Tasks are replaced one by one; no password is printed. Where it was interrupted, the same command " +
      "goes on from there.",
  )
  .argument("<environment>", "name of a file in environments/, such as production")
  .addOption(new Option("--only <secret>", "exchange this one alone").choices(SECRETS))
  .option("--yes", "do not ask")
  .option("--json", "print one JSON object instead of lines")
  .addHelpText(
    "after",
    "\nExamples:\n  npm run rotate-secrets -- production\n  npm run rotate-secrets -- production --only admin --yes",
  );

await runCommand(command, async (signal, name, options) => {
  const { only, yes = false, json } = options as { only?: SecretKind; yes?: boolean; json?: boolean };
  const environment = await loadEnvironmentOnAws(name as string, "it has no secrets in AWS to exchange");
  const step = stepPrinter();

  const rotations = await step("Look at what is there", () => prepareRotations(environment, { signal, only }));
  const what = rotations.flatMap(({ resumes, consequences }) => [
    ...consequences,
    ...(resumes ? ["An earlier run was interrupted: this one goes on from there."] : []),
  ]);
  const lines = what.flatMap((sentence) => wrap(sentence, process.stderr.columns ?? 0));
  await confirm(lines.join("\n"), environment.name, yes, signal);

  const rotated: RotationResult[] = [];
  for (const rotation of rotations) rotated.push(await rotation.carryOut(step));
  process.stdout.write(json ? `${JSON.stringify({ environment: environment.name, rotated })}\n` : report(rotated));
  return 0;
});

function report(rotated: readonly RotationResult[]): string {
  return rotated
    .flatMap(({ outcome: [headline, ...rest], parameter }) => [
      pc.green(headline),
      `  It is in the SSM parameter ${parameter}.`,
      ...rest.map((line) => `  ${line}`),
    ])
    .map((line) => `${line}\n`)
    .join("");
}
