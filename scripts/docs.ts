import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { withComplianceTable } from "../requirements/compliance-table.ts";
import { withSettings } from "./lib/docs/settings-table.ts";
import { UserError } from "./lib/errors.ts";
import { runCommand } from "./lib/terminal/command.ts";

const DOCUMENTS = [
  { file: "README.md", what: "the compliance table", update: withComplianceTable },
  { file: "docs/settings.md", what: "the settings", update: withSettings },
];

const command = new Command("npm run docs --")
  .description(
    "Writes the README's compliance table from requirements/, and docs/settings.md from environments/schema/.",
  )
  .option("--check", "only check that both are up to date; exit 1 where one is not")
  .addHelpText("after", "\nExample:\n  npm run docs -- --check");

await runCommand(command, (_signal, options) => {
  const { check = false } = options as { check?: boolean };
  const stale = DOCUMENTS.map(({ file, what, update }) => {
    const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
    const text = readFileSync(path, "utf8");
    return { file, what, path, text, fresh: update(text) };
  }).filter(({ text, fresh }) => text !== fresh);

  const files = stale.map(({ file, what }) => `${file} (${what})`).join(" and ");
  if (check && files) throw new UserError(`out of date: ${files}: run npm run docs.`);
  for (const { path, fresh } of stale) writeFileSync(path, fresh);
  process.stdout.write(files ? `Written: ${files}.\n` : "The documents are up to date.\n");
  return Promise.resolve(0);
});
