import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import type { Environment } from "../../../environments/schema/index.ts";
import type { AdminCredentials } from "../../../scripts/lib/keycloak/credentials.ts";
import { RealmStack } from "../../../stacks/realm-stack.ts";
import { environment } from "../../support/environment.ts";

/** What a Terraform command said. */
export interface TerraformOutcome {
  readonly code: number;
  readonly output: string;
}

/** A synthesized realm stack, in a folder of its own. */
export class TerraformProject {
  private readonly root = mkdtempSync(join(tmpdir(), "terraform-"));
  private stack = "";

  constructor(
    environment: Environment,
    private readonly credentials: AdminCredentials,
  ) {
    this.synth(environment);
  }

  /** Synthesizes again, as after an edit of the environment. */
  synth(environment: Environment): void {
    const app = new App({ outdir: join(this.root, "cdktf.out") });
    const stack = new RealmStack(app, environment);
    this.stack = stack.node.id;
    app.synth();
  }

  /** Runs Terraform where cdktf runs it. */
  run(...parameters: string[]): Promise<TerraformOutcome> {
    const { credentials } = this;
    const login =
      credentials.kind === "client"
        ? { KEYCLOAK_CLIENT_ID: credentials.clientId, KEYCLOAK_CLIENT_SECRET: credentials.clientSecret }
        : {};
    const options = {
      cwd: join(this.root, "cdktf.out", "stacks", this.stack),
      env: { ...process.env, ...login, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" },
    };
    return new Promise((resolve) => {
      const child = execFile("terraform", [...parameters, "-no-color"], options, (error, stdout, stderr) =>
        resolve({
          code: child.exitCode ?? 127,
          output: stdout + stderr + (child.exitCode === null ? error!.message : ""),
        }),
      );
    });
  }

  /** The state, as text. */
  state(): string {
    return readFileSync(join(this.root, `terraform.${this.stack}.tfstate`), "utf8");
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Why Terraform cannot be used here, or undefined where it can. */
export async function whyNoTerraform(): Promise<string | undefined> {
  const project = new TerraformProject(environment(), {
    kind: "client",
    realm: "master",
    clientId: "none",
    clientSecret: "none",
  });
  try {
    const { code, output } = await project.run("init", "-input=false");
    if (code === 0) return undefined;
    if (output.includes("ENOENT")) return "terraform is not installed";
    return "terraform init cannot get the Keycloak provider";
  } finally {
    project.remove();
  }
}
