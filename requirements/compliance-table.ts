import { withGenerated } from "../scripts/lib/docs/markers.ts";
import { gatherEvidence } from "./evidence.ts";
import { REQUIREMENTS, STANDARDS, type Requirement, type RequirementId, type Standard } from "./index.ts";

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
  return withGenerated(text, "compliance table", complianceTable());
}
