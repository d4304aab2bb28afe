import { Command, InvalidArgumentError } from "commander";
import { pc } from "./lib/terminal/colours.ts";
import { loadEnvironment } from "../environments/index.ts";
import { DEFAULT_KEYCLOAK_VERSION, KEYCLOAK_LINES, lineOf } from "../realm/versions/index.ts";
import { replaceNodes } from "./lib/cluster/replace-nodes.ts";
import { startLocalRun, type LocalRun } from "./lib/local/run.ts";
import { runCommand } from "./lib/terminal/command.ts";
import { stepPrinter } from "./lib/terminal/steps.ts";
import { indented, table } from "./lib/terminal/table.ts";
import { countRows, verifySummary, verifyTable } from "./lib/verify/report.ts";

const command = new Command("npm run local --")
  .description(
    "Starts Keycloak on this machine, makes the realm of environments/local.ts, closes its holes, proves it, and starts a " +
      "small MCP server that the realm protects. Stays until Ctrl-C. Needs Java 17 or newer; gets Keycloak once, and keeps " +
      "it outside the project.",
  )
  .option("--check", "end after verifying; exit 1 where a check fails")
  .option("--port <number>", "Keycloak's port (default: 8080 where it is free, else any)", port)
  .option("--keycloak-version <release>", `such as ${DEFAULT_KEYCLOAK_VERSION}`, release)
  .option("--keep-data", "keep realm and users for the next run with this option")
  .option(
    "--nodes <number>",
    "2 or 3: a cluster on PostgreSQL, behind a balancer with the load balancer's rules",
    nodes,
  )
  .addHelpText(
    "after",
    "\nExamples:\n  npm run local\n  npm run local -- --check --keycloak-version 26.4.5\n  npm run local -- --nodes 2",
  );

await runCommand(command, async (signal, options) => {
  const { check, port, keycloakVersion, keepData, nodes } = options as {
    check?: boolean;
    port?: number;
    keycloakVersion?: string;
    keepData?: boolean;
    nodes?: number;
  };
  const environment = await loadEnvironment("local");
  const step = stepPrinter();
  const run = await startLocalRun(environment, { version: keycloakVersion, port, keepData, nodes, signal, step });
  try {
    const width = process.stdout.columns || 0;
    process.stdout.write(`${verifyTable(run.rows, width)}\n\n${verifySummary(run.rows)}\n`);
    const failed = countRows(run.rows).fail > 0;
    if (!check && !signal.aborted) {
      process.stdout.write(`${howToConnect(run)}${await whatTheClusterIs(run)}\n${pc.dim("Ctrl-C ends it all.")}\n`);
      const replacing = run.cluster ? [replaceNodes(run.cluster, tell, signal)] : [];
      await Promise.race([aborted(signal), run.failed, ...replacing]);
      process.stdout.write("\nStopping ...\n");
    }
    return failed ? 1 : 0;
  } finally {
    await run.stop();
  }
});

/** Addresses, the demo user, and what to enter in an MCP client. */
function howToConnect({ target, mcpUrl, demoUser, admin }: LocalRun): string {
  const json = JSON.stringify({ mcpServers: { demo: { type: "http", url: mcpUrl } } });
  return [
    heading("Ready"),
    indented(
      table([
        ["MCP server", mcpUrl],
        ["Log in as", `${demoUser.username}  ${demoUser.password}`],
        ["Issuer", `${target.url}/realms/${target.definition.realm}`],
        ["Admin console", `${target.url}/admin/master/console/#/${target.definition.realm}`],
        ["Administrator", `${admin.username}  ${admin.password}`],
      ]),
    ),
    "\n",
    heading("Connect an MCP client"),
    indented(
      table([
        ["Claude Code", `claude mcp add --transport http demo ${mcpUrl}`],
        ["VS Code", `code --add-mcp '${JSON.stringify({ name: "demo", type: "http", url: mcpUrl })}'`],
        ["Cursor", `.cursor/mcp.json: ${json}`],
        ["MCP Inspector", `npx @modelcontextprotocol/inspector, then enter ${mcpUrl}`],
      ]),
    ),
    "\n",
    heading("Meanwhile, in another terminal"),
    indented("npm run verify -- local --login\nnpm run fix-policies -- local --dry-run"),
    "\n",
  ].join("");
}

/** Nodes and database of a cluster, and what to try with them. */
async function whatTheClusterIs({ cluster }: LocalRun): Promise<string> {
  if (!cluster) return "";
  const { host, port, name, user, password } = cluster.postgres.access;
  const nodes = [...cluster.nodes.values()];
  const pids = await Promise.all(nodes.map((node) => node.pid()));
  const rows = [
    ...nodes.map((node, index) => [node.name, `process ${pids[index]}, metrics ${node.metricsUrl}`]),
    ["PostgreSQL", `postgresql://${user}:${password}@${host}:${port}/${name}`],
    ["Logs", nodes.map((node) => node.logFile).join(", ")],
  ];
  return [
    heading("Cluster"),
    indented(table(rows)),
    "\n",
    heading("See that it survives"),
    indented(`kill -9 ${pids[0]}    and go on in your client: sessions are in the database, and another node comes\n`),
  ].join("");
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

function heading(text: string): string {
  return `\n${pc.bold(text)}\n`;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

function port(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 65_535) return number;
  throw new InvalidArgumentError("Allowed: a whole number from 1 to 65535.");
}

function nodes(text: string): number {
  const number = Number(text);
  if ([1, 2, 3].includes(number)) return number;
  throw new InvalidArgumentError("Allowed: 1, 2 or 3.");
}

function release(text: string): string {
  if (lineOf(text)) return text;
  const lines = KEYCLOAK_LINES.map((line) => `${line.name}.x`).join(", ");
  throw new InvalidArgumentError(
    `Allowed: a release of a tested line (${lines}), such as ${DEFAULT_KEYCLOAK_VERSION}.`,
  );
}
