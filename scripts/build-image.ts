import { Command } from "commander";
import { loadEnvironmentOnAws } from "./lib/aws/environment.ts";
import { buildImage, imageCommands } from "./lib/image/build.ts";
import { pc } from "./lib/terminal/colours.ts";
import { runCommand } from "./lib/terminal/command.ts";
import { stepPrinter } from "./lib/terminal/steps.ts";
import { table } from "./lib/terminal/table.ts";

const command = new Command("npm run build-image --")
  .description(
    "Builds an environment's Keycloak image for the processor of its tasks, and pushes it to the environment's repository " +
      "under a tag made from its content. Where that content is there already, it builds nothing. Needs Docker with " +
      "buildx, AWS credentials, and the registry stack.",
  )
  .argument("<environment>", "name of a file in environments/, such as production")
  .option("--print", "print the commands instead of running them; needs neither Docker nor AWS")
  .option("--json", "print one JSON object instead of lines")
  .addHelpText(
    "after",
    "\nExamples:\n  npm run build-image -- production\n  npm run build-image -- production --print",
  );

await runCommand(command, async (signal, name, options) => {
  const { print, json } = options as { print?: boolean; json?: boolean };
  const environment = await loadEnvironmentOnAws(name as string, "there is no image to build for it");
  if (print) {
    process.stdout.write(`${await imageCommands(environment, signal)}\n`);
    return 0;
  }
  const image = await buildImage(environment, { signal, step: stepPrinter() });
  if (json) {
    process.stdout.write(`${JSON.stringify(image)}\n`);
    return 0;
  }
  const rows = [
    ["Repository", image.repository],
    ["Tag", image.tag],
    ["Digest", image.digest],
  ];
  const next = `npm run deploy -- ${environment.name}`;
  process.stdout.write(
    `${pc.green(image.built ? "Built and pushed." : "That content is there already; nothing was built.")}\n` +
      `${table(rows)}\n\nDeploy it: ${next}\n`,
  );
  return 0;
});
