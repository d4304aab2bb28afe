import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { databaseTargets } from "../../../scripts/lib/terraform/plan.ts";
import { environmentOnAws } from "../../support/environment.ts";
import { blocks, type TerraformJson } from "../../synthesized/support/blocks.ts";
import { references } from "../../synthesized/support/references.ts";
import { synthesize } from "../../synthesized/support/stacks.ts";

/** Addresses of all that a part of a stack needs, itself included. */
function closure(json: TerraformJson, start: readonly string[]): string[] {
  const all = new Map(blocks(json).map((block) => [block.address, block]));
  const reached = new Set<string>();
  const visit = (address: string) => {
    const block = all.get(address);
    if (!block || reached.has(address)) return;
    reached.add(address);
    references(block).forEach(visit);
  };
  start.forEach(visit);
  return [...reached];
}

test("[deploy.targets] the database needs no image: neither it nor anything that it needs asks for one", () => {
  const stacks = synthesize(environmentOnAws());
  const { stack, json } = stacks.find((one) => one.stack.endsWith("-keycloak"))!;
  const folder = mkdtempSync(join(tmpdir(), "targets-"));
  try {
    mkdirSync(join(folder, "stacks", stack), { recursive: true });
    writeFileSync(join(folder, "stacks", stack, "cdk.tf.json"), JSON.stringify(json));
    const targets = databaseTargets(stack, folder);
    expect(targets.length).toBeGreaterThan(0);
    const needed = closure(json, targets);
    expect(needed).toEqual(
      expect.arrayContaining([expect.stringMatching(/^aws_rds_cluster\./), expect.stringMatching(/^aws_subnet\./)]),
    );
    expect(needed).toContain("ephemeral.aws_ssm_parameter.database_password");
    expect(needed.filter((address) => /aws_ecr|aws_ecs|aws_lb/.test(address))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
