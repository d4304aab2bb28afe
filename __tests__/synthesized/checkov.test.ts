import { beforeAll, describe, expect, test } from "@jest/globals";
import {
  acceptances,
  findCheckov,
  notAccepted,
  pinnedVersion,
  runCheckov,
  stale,
  type CheckovReport,
} from "./support/checkov.ts";
import { isOnAws, synthesizeAll } from "./support/stacks.ts";

const program = findCheckov(process.env);
const install = `pip install -r __tests__/synthesized/requirements.txt, or name the program in CHECKOV`;

(program ? describe : describe.skip)(`checkov${program ? "" : ` (skipped: it is not installed; ${install})`}`, () => {
  let stacks: Awaited<ReturnType<typeof synthesizeAll>>;
  let report: CheckovReport;
  beforeAll(async () => {
    stacks = await synthesizeAll();
    report = runCheckov(program!, stacks);
  }, 120_000);

  test("is the version that the tests are written for", () => {
    expect(`${report.version} (${program})`).toBe(`${pinnedVersion()} (${program})`);
  });

  test("reads every stack: some checks pass in each that has AWS resources", () => {
    expect(report.unreadable).toEqual([]);
    const checked = new Set(report.passed.map(({ stack }) => stack));
    expect([...checked].sort()).toEqual(
      stacks
        .filter(isOnAws)
        .map(({ stack }) => stack)
        .sort(),
    );
  });

  test("finds nothing that is not accepted beside the resource", () => {
    expect(notAccepted(report.failed, acceptances(stacks))).toEqual([]);
  });

  test("finds everything that is accepted", () => {
    expect(stale(report.failed, acceptances(stacks))).toEqual([]);
  });

  test("is contradicted with a reason only", () => {
    const all = acceptances(stacks);
    expect(all.length).toBeGreaterThan(0);
    expect(all.filter(({ reason }) => !(reason.length >= 20 && reason.includes(" ")))).toEqual([]);
  });
});
