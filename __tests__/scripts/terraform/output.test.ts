import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { TerraformLines } from "../../../scripts/lib/terraform/cdktf-output.ts";
import { explainTerraform } from "../../../scripts/lib/terraform/errors.ts";
import { readPlan } from "../../../scripts/lib/terraform/plan.ts";

/** As CDKTF 0.21 writes it into a pipe: a spinner that is wiped, and Terraform's lines beside the stack's name. */
const WIPE = "\u001B[2K\u001B[1A\u001B[2K\u001B[1A\u001B[2K\u001B[G";
const SAID = [
  "",
  "⠋  Processing",
  `${WIPE}one-keycloak  \u001B[0m\u001B[1mInitializing the backend...\u001B[0m`,
  "",
  "⠹  Processing",
  `${WIPE}one-keycloak`,
  `${WIPE}one-keycloak  Terraform used the selected providers to generate the following execution`,
  "              plan. Resource actions are indicated with the following symbols:",
  "                \u001B[32m+\u001B[0m create",
  "",
  "              Terraform will perform the following actions:",
  "",
  "              \u001B[1m  # terraform_data.a (a)\u001B[0m will be created",
  '              \u001B[0m  \u001B[32m+\u001B[0m\u001B[0m resource "terraform_data" "a" {',
  "                    \u001B[32m+\u001B[0m\u001B[0m id     = (known after apply)",
  "                  }",
  "",
  "              \u001B[1mPlan:\u001B[0m 3 to add, 0 to change, 0 to destroy.",
  "              \u001B[0m",
  "              Changes to Outputs:",
  "                \u001B[32m+\u001B[0m\u001B[0m o = (known after apply)",
  "",
  "1 Stack deploying     0 Stacks done     0 Stacks waiting",
].join("\n");

function clean(text: string, size: number): string[] {
  const lines = new TerraformLines("one-keycloak");
  const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g"))!;
  return [...pieces.flatMap((piece) => lines.take(piece)), ...lines.end()];
}

describe("what CDKTF prints", () => {
  test("is read as Terraform's own lines, without spinner, colour and the stack's column", () => {
    const lines = clean(SAID, 10_000).filter(Boolean);
    expect(lines.slice(0, 2)).toEqual([
      "Initializing the backend...",
      "Terraform used the selected providers to generate the following execution",
    ]);
    expect(lines).toContain('  + resource "terraform_data" "a" {');
    expect(lines.at(-1)).toBe("  + o = (known after apply)");
    expect(lines.join("\n")).not.toMatch(/Processing|one-keycloak|Stack/);
    expect(lines).toEqual(lines.map(stripVTControlCharacters));
  });

  test("is the same in whatever pieces it comes", () => {
    // Control sequences that are cut in two are left over; lines are not.
    const plain = stripVTControlCharacters(SAID);
    const whole = clean(plain, 10_000);
    for (const size of [1, 7, 64]) expect(clean(plain, size)).toEqual(whole);
  });

  test("is a plan, with its counts", () => {
    const plan = readPlan("one-keycloak", clean(SAID, 10_000).join("\n"));
    expect(plan).toMatchObject({ changes: true, summary: "3 to add, 0 to change, 0 to destroy" });
    expect(plan.text).toMatch(/^Terraform used[^]*# terraform_data\.a \(a\) will be created[^]*Plan: 3 to add/);
    expect(plan.text).not.toContain("Initializing");
  });

  test.each([
    ["No changes. Your infrastructure matches the configuration.", false, "no changes"],
    [
      "Changes to Outputs:\n  + o = 1\n\nYou can apply this plan to save these new output values",
      true,
      "only outputs change",
    ],
  ])("%s", (said, changes, summary) => {
    expect(readPlan("s", `Refreshing state...\n${said}`)).toMatchObject({ changes, summary });
  });

  test("is shown with what has changed outside, and with its warnings", () => {
    const { text } = readPlan(
      "s",
      [
        "aws_lb.x: Refreshing state... [id=1]",
        "Note: Objects have changed outside of Terraform",
        "  # aws_lb.x has changed",
        "─────────────────────────────────────────────────────────────",
        "Terraform will perform the following actions:",
        "  # aws_lb.x will be updated in-place",
        "Plan: 0 to add, 1 to change, 0 to destroy.",
        "╷",
        "│ Warning: Resource targeting is in effect",
        "╵",
        "─────────────────────────────────────────────────────────────",
        "Saved the plan to: plan",
      ].join("\n"),
    );
    expect(text).toMatch(
      /^Note: Objects have changed[^]*has changed[^]*updated in-place[^]*Warning: Resource targeting/,
    );
    expect(text).not.toMatch(/Refreshing|Saved the plan/);
  });

  test("that shows no plan is an error, not a plan without changes", () => {
    expect(() => readPlan("s", "Hello")).toThrow(/shows no plan:\nHello/);
  });
});

describe("a failed run says", () => {
  const explain = (said: string) =>
    explainTerraform({ command: "cdktf deploy s", ended: 1, said, log: "/logs/s.log", stack: "s" });

  test.each([
    [
      "│ Error: Error acquiring the state lock\n│ StatusCode: 412, RequestID: 7M3KQX, api error\n│ Lock Info:\n│   ID:        6638e010-8fb0",
      "force-unlock 6638e010-8fb0",
    ],
    ["Error: Failed to save state\nthe state has been written to errored.tfstate", "state push errored.tfstate"],
    ["# aws_rds_cluster.x is tainted, so must be replaced", "untaint <address>"],
    ["Error: Saved plan is stale", "Something has changed s since this plan was made"],
    [
      "api error ExpiredToken: The security token included in the request is expired",
      "no valid AWS credentials any more",
    ],
    [
      "User x is not authorized to perform: rds:CreateDBCluster on y",
      "AWS refuses rds:CreateDBCluster to these credentials",
    ],
    ["Error: Failed to query available provider packages", "Terraform cannot get its providers"],
    ["api error VpcLimitExceeded: The maximum number of VPCs has been reached.", "quota is used up (VpcLimitExceeded)"],
    ["Cannot delete protected Cluster, please disable deletion protection", "protected from being deleted"],
  ])("what this means: %s", (said, advice) => {
    const text = explain(said);
    expect(text).toContain(advice);
    expect(text).toMatch(/^cdktf deploy s ended with 1:\n {2}/);
    expect(text).toMatch(/All that it said: \/logs\/s\.log$/);
  });

  test("its last lines only, and nothing more where the error is not a known one", () => {
    const text = explain(Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\n"));
    expect(text.split("\n")).toHaveLength(27);
    expect(text).toContain("  line 99\nAll that");
  });
});
