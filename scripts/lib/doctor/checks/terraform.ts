import { REQUIRED_TERRAFORM } from "../../../../stacks/required-terraform.ts";
import type { Check } from "../check.ts";
import { findOnPath, runProgram } from "../program.ts";
import { fail, ok } from "../row.ts";
import { satisfies } from "../version.ts";

const INSTALL = `Install Terraform ${REQUIRED_TERRAFORM}: https://developer.hashicorp.com/terraform/install`;

/** Terraform, which cdktf runs; `TERRAFORM_BINARY_NAME` names another program to both. */
export const terraformCheck: Check = {
  id: "machine.terraform",
  group: "This machine",
  what: "Terraform",
  unknown: "fail",
  run: async ({ variables, signal }) => {
    const name = variables.TERRAFORM_BINARY_NAME || "terraform";
    const file = await findOnPath(name, variables);
    if (!file) return fail(`no ${name} on the PATH`, INSTALL);
    const quiet = { ...variables, CHECKPOINT_DISABLE: "1" }; // it would ask its maker for news
    const { code, stdout, complaint } = await runProgram(file, ["version", "-json"], { variables: quiet, signal });
    if (code !== 0) return fail(`${file} does not work: ${complaint}`, INSTALL);
    const version = versionIn(stdout);
    if (!version) return fail(`${file} does not tell its version`, INSTALL);
    if (!satisfies(version, REQUIRED_TERRAFORM))
      return fail(`${version} (${file}), and the stacks need ${REQUIRED_TERRAFORM}`, INSTALL);
    return ok(`${version} (${file})`);
  },
};

function versionIn(text: string): string | undefined {
  try {
    const { terraform_version: version } = JSON.parse(text) as { terraform_version?: unknown };
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}
