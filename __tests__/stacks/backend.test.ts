import { describe, expect, test } from "@jest/globals";
import { TerraformStack } from "cdktf";
import { keepState } from "../../stacks/backend.ts";
import type { Environment } from "../../environments/schema/index.ts";
import { environment, environmentOnAws } from "../support/environment.ts";
import { synthStack, testApp } from "../support/template.ts";

const BUCKET = { bucket: "example-terraform-state" };

/** Terraform's settings of a stack of that id. */
function terraform(of: Environment, id = "test-keycloak") {
  const stack = new TerraformStack(testApp(), id);
  keepState(stack, of);
  return synthStack(stack).json.terraform;
}

describe("a stack's state", () => {
  test("is a file beside cdktf.json, named after the stack, wherever the project lies", () => {
    // cdktf runs Terraform in cdktf.out/stacks/<stack>.
    const file = (id: string) => ({ backend: { local: { path: `../../../terraform.${id}.tfstate` } } });
    expect(terraform(environment(), "test-realm")).toMatchObject(file("test-realm"));
    expect(terraform(environmentOnAws())).toMatchObject(file("test-keycloak"));
  });

  test("is in the environment's bucket where there is one, encrypted, and locked by S3 itself", () => {
    expect(terraform(environmentOnAws({ state: BUCKET }))).toMatchObject({
      backend: {
        s3: {
          ...BUCKET,
          key: "keycloak/test/test-keycloak.tfstate",
          region: "eu-central-1",
          encrypt: true,
          use_lockfile: true, // without it two people at once spoil the state
        },
      },
    });
  });

  test("is where and encrypted as the environment says, also in another Region than its own", () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef";
    const state = { ...BUCKET, region: "us-east-1", kmsKeyArn };
    expect(terraform(environmentOnAws({ state }))).toMatchObject({
      backend: { s3: { region: "us-east-1", kms_key_id: kmsKeyArn } },
    });
  });

  test("[secrets.nowhere] has no password in it: a Terraform that knows no write-only argument is refused", () => {
    for (const one of [environment(), environmentOnAws(), environmentOnAws({ state: BUCKET })])
      expect(terraform(one)).toMatchObject({ required_version: ">= 1.11.0" });
  });
});
