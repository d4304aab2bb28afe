import { Command } from "commander";
import { adminAccess, personalAccountSteps, readAdminPassword, type AdminAccess } from "./lib/admin/index.ts";
import { loadEnvironmentOnAws } from "./lib/aws/environment.ts";
import { coloursFor } from "./lib/terminal/colours.ts";
import { runCommand } from "./lib/terminal/command.ts";
import { table } from "./lib/terminal/table.ts";

const command = new Command("npm run admin --")
  .description(
    "Says where an environment's admin console is, who reaches it, as whom to log in the first time, and how to replace " +
      "that account by one of your own. Asks AWS only with --show-password.",
  )
  .argument("<environment>", "name of a file in environments/, such as production")
  .option(
    "--show-password",
    "print the password too: alone on standard output, and all else on standard error, so that it can be piped",
  )
  .option("--json", "print one JSON object instead of lines; the password is in it with --show-password only")
  .addHelpText(
    "after",
    "\nExamples:\n  npm run admin -- production\n" +
      "  npm run -s admin -- production --show-password | wl-copy    (-s: npm itself says nothing)",
  );

await runCommand(command, async (signal, name, options) => {
  const { showPassword, json } = options as { showPassword?: boolean; json?: boolean };
  const environment = await loadEnvironmentOnAws(
    name as string,
    "whoever runs that Keycloak knows its administrator; of a local run, npm run local tells it",
  );
  const access = adminAccess(environment);
  const password = showPassword ? await readAdminPassword(environment, signal) : undefined;
  const steps = personalAccountSteps(access);
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...access, temporary: true, nextSteps: steps, password })}\n`);
    return 0;
  }
  const lines = password === undefined ? process.stdout : process.stderr;
  lines.write(report(access, steps, lines));
  if (password !== undefined) process.stdout.write(`${password}\n`);
  return 0;
});

function report(access: AdminAccess, steps: readonly string[], stream: NodeJS.WriteStream): string {
  const pc = coloursFor(stream);
  const { environment, url, user, parameter, region, showPassword, adminCidrs } = access;
  const nobody = `nowhere yet: aws.adminCidrs in environments/${environment}.ts names no address`;
  const rows = [
    ["Console", url],
    ["Reached from", adminCidrs.join(", ") || nobody],
    ["User", user],
    ["Password", `in the SSM parameter ${parameter}, ${region}`],
  ];
  const width = stream.columns || 0;
  const paint = (cell: string, column: number) =>
    column === 0 ? pc.bold(cell) : cell === nobody ? pc.yellow(cell) : cell;
  const commands = [showPassword, `npm run -s admin -- ${environment} --show-password`];
  const numbered = steps.map((step, index) => [`  ${index + 1}.`, step]);
  return (
    `${table(rows, width, paint)}\n\n` +
    // Not wrapped, so that they can be copied.
    `Show the password:\n${commands.map((line) => `  ${line}\n`).join("")}\n` +
    `${pc.yellow("This account is temporary")}: Keycloak made it at its first start. Replace it by one of your own:\n` +
    `${table(numbered, width)}\n`
  );
}
