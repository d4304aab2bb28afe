import { gatherEvidence } from "./evidence.ts";
import { REQUIREMENTS, STANDARDS, type Requirement, type RequirementId, type Standard } from "./index.ts";

/** Where the README's table begins and ends. */
export const TABLE_START = "<!-- compliance table: written by npm run docs -->";
export const TABLE_END = "<!-- end of compliance table -->";

/** The compliance table as Markdown: the article's RFC matrix, each line proved by `verify` or by tests. */
export function complianceTable(): string {
  const { evidence } = gatherEvidence();
  const rows = (Object.entries(REQUIREMENTS) as [RequirementId, Requirement][]).filter(([, entry]) => entry.standard);
  const lines = (Object.entries(STANDARDS) as [Standard, string][]).map(([standard, title]) => {
    const promises = rows
      .filter(([, entry]) => entry.standard === standard)
      .map(([id, entry]) => `${entry.behaviour} ${evidence[id].verify ? `(\`${id}\`)` : `(test \`${id}\`)`}`);
    return `| **${standard}** ${title} | ${promises.join("<br>")} |`;
  });
  return ["<!-- prettier-ignore -->", "| Standard | What is proved |", "| --- | --- |", ...lines].join("\n");
}

/**
 * Puts the table between its markers.
 * @throws Error where a text has no markers
 */
export function withComplianceTable(text: string): string {
  const start = text.indexOf(TABLE_START);
  const end = text.indexOf(TABLE_END);
  if (start < 0 || end < start) throw new Error(`no markers "${TABLE_START}" and "${TABLE_END}" in the text`);
  return `${text.slice(0, start + TABLE_START.length)}\n\n${complianceTable()}\n\n${text.slice(end)}`;
}
