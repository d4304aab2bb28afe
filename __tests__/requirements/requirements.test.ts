import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { withComplianceTable } from "../../requirements/compliance-table.ts";
import { gatherEvidence } from "../../requirements/evidence.ts";
import { REQUIREMENTS, STANDARDS } from "../../requirements/index.ts";
import { KEYCLOAK_LINES } from "../../realm/versions/index.ts";

describe("requirements", () => {
  const { evidence, unknown } = gatherEvidence();

  test("each is proved by a row of verify or by a test", () => {
    const unproved = Object.entries(evidence).filter(([, { verify, tests }]) => !verify && tests.length === 0);
    expect(unproved.map(([id]) => id)).toEqual([]);
  });

  test("tests cite none that does not exist", () => {
    expect(unknown).toEqual([]);
  });

  test("each standard of the table has one", () => {
    const used = Object.values(REQUIREMENTS).map((entry) => ("standard" in entry ? entry.standard : undefined));
    expect(Object.keys(STANDARDS).filter((standard) => !used.includes(standard as never))).toEqual([]);
  });

  test("a known gap of a Keycloak release is a requirement that verify looks at", () => {
    for (const line of KEYCLOAK_LINES)
      for (const id of Object.keys(line.gaps))
        expect(evidence[id as keyof typeof evidence]).toMatchObject({ verify: true });
  });

  test("the README's compliance table is up to date: npm run docs", () => {
    const readme = readFileSync("README.md", "utf8");
    expect(withComplianceTable(readme)).toBe(readme);
  });
});
