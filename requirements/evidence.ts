import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { CHECKS } from "../scripts/lib/verify/index.ts";
import { REQUIREMENTS, type RequirementId } from "./index.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What proves one requirement. */
export interface Evidence {
  /** Whether a row of `verify` proves it on a live server. */
  readonly verify: boolean;
  /** Test files that name it, relative to the project. */
  readonly tests: readonly string[];
}

/** Test files that name an id which is no requirement: `file: id`. */
export interface EvidenceReport {
  readonly evidence: Record<RequirementId, Evidence>;
  readonly unknown: readonly string[];
}

/** Finds out what proves each requirement: rows of `verify`, and tests that name it in square brackets. */
export function gatherEvidence(): EvidenceReport {
  const ids = Object.keys(REQUIREMENTS) as RequirementId[];
  const cited = testFiles(join(ROOT, "__tests__")).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/["'`][^"'`\n]*?((?:\[[a-z0-9]+\.[a-z0-9-]+\] ?)+)/g)].flatMap((match) =>
      [...match[1]!.matchAll(/\[([^\]]+)\]/g)].map((id) => ({ file: relative(ROOT, file), id: id[1]! })),
    ),
  );
  const evidence = {} as Record<RequirementId, Evidence>;
  for (const id of ids)
    evidence[id] = {
      verify: CHECKS.some((check) => check.id === id),
      tests: [...new Set(cited.filter((citation) => citation.id === id).map(({ file }) => file))].sort(),
    };
  const unknown = cited.filter(({ id }) => !ids.includes(id as RequirementId)).map(({ file, id }) => `${file}: ${id}`);
  return { evidence, unknown };
}

function testFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join(folder, file));
}
