import { expect, test } from "@jest/globals";
import { nextSteps, type UpgradeCheck } from "../../../scripts/lib/upgrade/check.ts";

const check: UpgradeCheck = {
  environment: "production",
  verdict: "recreate",
  deployedVersion: "26.4.5",
  newVersion: "26.7.3",
  reasons: [],
  setting: "rolling",
};
const steps = (changes: Partial<UpgradeCheck>) => nextSteps({ ...check, ...changes });

test("where old and new cannot run at once, the setting comes first, then the deployment with its snapshot, and the setting goes", () => {
  expect(steps({})).toEqual([
    'Set aws.service.deployment: "recreate" in environments/production.ts',
    "npm run deploy -- production  (takes a snapshot of the database first, keycloak-production-before-26-7-3-<time>)",
    "Take aws.service.deployment out of environments/production.ts again, and deploy that with the next change",
  ]);
});

test("a setting that is there is not asked for again", () => {
  expect(steps({ setting: "recreate" }).filter((step) => step.startsWith("Set "))).toEqual([]);
});

test("where they can, it is deployed, and a setting that would interrupt for nothing is pointed out", () => {
  const deploy = ["npm run deploy -- production"];
  expect(steps({ verdict: "rolling" })).toEqual(deploy);
  expect(steps({ verdict: "first", setting: "recreate" })).toEqual(deploy);
  expect(steps({ verdict: "rolling", setting: "recreate" })).toEqual([
    expect.stringMatching(/^Take aws\.service\.deployment: "recreate" out of environments\/production\.ts/),
    ...deploy,
  ]);
});
