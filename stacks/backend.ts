import { LocalBackend, S3Backend, type TerraformStack } from "cdktf";
import type { Environment } from "../environments/schema/index.ts";
import { REQUIRED_TERRAFORM } from "./required-terraform.ts";

/** Says where a stack's state is kept: in the environment's bucket, or else in a file beside `cdktf.json`. */
export function keepState(stack: TerraformStack, { name, aws }: Environment): void {
  stack.addOverride("terraform.required_version", REQUIRED_TERRAFORM);
  if (!aws?.state) {
    // Relative to cdktf.out/stacks/<stack>, where Terraform runs: the default would name a folder of this machine.
    new LocalBackend(stack, { path: `../../../terraform.${stack.node.id}.tfstate` });
    return;
  }
  new S3Backend(stack, {
    bucket: aws.state.bucket,
    key: `keycloak/${name}/${stack.node.id}.tfstate`,
    region: aws.state.region ?? aws.region,
    encrypt: true,
    kmsKeyId: aws.state.kmsKeyArn,
  });
  // S3's own lock file, younger than CDKTF: no DynamoDB table is needed.
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
}
