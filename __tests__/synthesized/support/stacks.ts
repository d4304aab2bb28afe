import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Testing, type TerraformStack } from "cdktf";
import { loadEnvironments } from "../../../environments/index.ts";
import type { Environment } from "../../../environments/schema/index.ts";
import { addStacks } from "../../../stacks/index.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import type { TerraformJson } from "./blocks.ts";

/** A synthesized stack: the content of its `cdk.tf.json`. */
export interface Synthesized<Of extends Environment = Environment> {
  readonly environment: Of;
  /** Such as `production-keycloak`. */
  readonly stack: string;
  readonly json: TerraformJson;
}

/** The stacks of every environment in `environments/`. */
export async function synthesizeAll(): Promise<Synthesized[]> {
  return (await loadEnvironments()).flatMap((environment) => synthesize(environment));
}

/** The stacks of one environment, as `cdktf synth` writes them. */
export function synthesize<Of extends Environment>(environment: Of): Synthesized<Of>[] {
  const outdir = mkdtempSync(join(tmpdir(), "synthesized-"));
  try {
    const app = Testing.app({ outdir });
    addStacks(app, environment);
    app.synth();
    return app.node.children.map((child) => {
      const stack = (child as TerraformStack).node.id;
      const text = readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8");
      return { environment, stack, json: JSON.parse(text) as TerraformJson };
    });
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Whether a stack's environment is on AWS; its realm stack is not made of AWS resources all the same. */
export function isOnAws(one: Synthesized): one is Synthesized<EnvironmentOnAws> {
  return one.environment.aws !== undefined && !one.stack.endsWith("-realm");
}

/** Another environment with the same settings, name and domain apart. */
export function renamed<Of extends Environment>(environment: Of, name: string): Of {
  return { ...environment, name, keycloak: { ...environment.keycloak, url: `https://${name}.example.com/auth` } };
}
