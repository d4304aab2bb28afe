import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { withComplianceTable } from "../requirements/compliance-table.ts";
import { UserError } from "./lib/errors.ts";
import { runCommand } from "./lib/terminal/command.ts";

const README = fileURLToPath(new URL("../README.md", import.meta.url));

const command = new Command("npm run docs --")
  .description("Writes the README's compliance table from requirements/index.ts.")
  .option("--check", "only check that the table is up to date; exit 1 where it is not")
  .addHelpText("after", "\nExample:\n  npm run docs -- --check");

await runCommand(command, (_signal, options) => {
  const { check = false } = options as { check?: boolean };
  const text = readFileSync(README, "utf8");
  const fresh = withComplianceTable(text);
  if (check && fresh !== text) throw new UserError("README.md: the compliance table is out of date: run npm run docs.");
  if (!check) writeFileSync(README, fresh);
  process.stdout.write(check ? "README.md is up to date.\n" : "README.md: compliance table written.\n");
  return Promise.resolve(0);
});
