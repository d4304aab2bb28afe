import { TerraformDataSource, TerraformStack, type TerraformResource } from "cdktf";

/** Under this key of a resource's comment, the findings stand in the synthesized JSON, for reviewers and for the check. */
export const ACCEPTED_FINDINGS = "acceptedFindings";

/**
 * Accepts a finding of checkov for one resource. The test that runs checkov reads it from the JSON, and fails where
 * the finding is not there any more.
 * @param check such as `CKV_AWS_338`
 * @param reason why it is right here, for a reviewer
 */
export function accept(element: TerraformResource | TerraformDataSource, check: `CKV${string}`, reason: string): void {
  const { terraformResourceType: type, friendlyUniqueId: name } = element;
  const block = element instanceof TerraformDataSource ? "data" : "resource";
  // By the stack, because a data source writes its own comment over what is overridden.
  TerraformStack.of(element).addOverride(`${block}.${type}.${name}.//.${ACCEPTED_FINDINGS}.${check}`, reason);
}
