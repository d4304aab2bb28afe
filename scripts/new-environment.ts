import { Command, Option } from "commander";
import type { Choices } from "./lib/new-environment/choices.ts";
import { newEnvironment } from "./lib/new-environment/index.ts";
import { pc } from "./lib/terminal/colours.ts";
import { runCommand } from "./lib/terminal/command.ts";

const EXAMPLE =
  "npm run new-environment -- staging --region eu-central-1 --domain auth.staging.example.com \\\n" +
  "    --zone-id Z0123456789ABCDEFGHIJ --zone-name staging.example.com \\\n" +
  "    --mcp-server https://mcp.staging.example.com/mcp --admin-cidr 203.0.113.0/24";

const collect = (value: string, before: string[] = []) => [...before, value];

const command = new Command("npm run new-environment --")
  .description(
    "Writes environments/<name>.ts: valid, with comments, and never over a file that is there. On a terminal it asks " +
      "for what the options leave open, and checks each answer at once; where they say all that is needed, it asks nothing.",
  )
  .argument("<name>", "name of the environment, such as staging: 2 to 20 lower-case letters, digits and dashes")
  .option("--domain <domain>", "Keycloak's domain; its address is then https://<domain>/auth")
  .addOption(new Option("--url <url>", "Keycloak's whole address, instead of --domain").conflicts("domain"))
  .option("--mcp-server <url[=scope]>", "an MCP server; the first is mcp:run, further ones name their scope", collect)
  .option("--region <region>", "AWS Region")
  .option("--zone-id <id>", "the Route 53 zone for the domain's record, and its certificate's proof")
  .option("--zone-name <domain>", "that zone's domain")
  .option("--certificate-arn <arn>", "an ACM certificate for the domain; without a zone, make the record yourself")
  .option("--stage <stage>", "production, or development: cheap and unprotected (default: production)")
  .option("--admin-cidr <range>", "who reaches the admin console; repeat it for more (default: nobody)", collect)
  .option("--account-id <id>", "the AWS account, so that no other is touched")
  .option("--state-bucket <bucket>", "S3 bucket for Terraform's state (default: files on this machine)")
  .option("--alarm-email <address>", "who is mailed when an alarm goes off (default: nobody)")
  .option("--realm-only", "nothing on AWS: the realm alone, on a Keycloak that runs elsewhere")
  .option("--yes", "ask nothing: what is left out has its default")
  .option("--print", "print the file instead of writing it")
  .addOption(new Option("--json", "print one JSON object instead of lines").conflicts("print"))
  .addHelpText("after", `\nExamples:\n  npm run new-environment -- staging\n  ${EXAMPLE}`);

type Options = Omit<Choices, "name" | "mcpServers" | "adminCidrs"> & {
  readonly mcpServer?: string[];
  readonly adminCidr?: string[];
  readonly yes?: boolean;
  readonly print?: boolean;
  readonly json?: boolean;
};

await runCommand(command, async (signal, name, options) => {
  const { mcpServer, adminCidr, yes, print, json, ...rest } = options as Options;
  const choices = { name: name as string, mcpServers: mcpServer, adminCidrs: adminCidr, ...rest };
  const asks = process.stdin.isTTY && !yes;
  const { text, ...made } = await newEnvironment(choices, {
    dryRun: print,
    questions: asks ? { signal, onInterrupt: () => process.kill(process.pid, "SIGINT") } : undefined,
  });
  if (print) {
    process.stdout.write(text);
    return 0;
  }
  if (json) {
    process.stdout.write(`${JSON.stringify(made)}\n`);
    return 0;
  }
  const nobody = "adminCidrs is empty: nobody reaches the admin console yet, nor can the realm be deployed.";
  const before = choices.realmOnly ? "say who you are to Keycloak (docs/operations.md#a-realm-alone), then" : "then";
  process.stdout.write(
    `${pc.green("Written:")} ${made.file}\n${made.administrable ? "" : `${pc.yellow(nobody)}\n`}\n` +
      `Look it over, ${before}:\n${made.next.map((line) => `  ${line}\n`).join("")}`,
  );
  return 0;
});
