import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { expect, test } from "@jest/globals";
import { accept } from "../../constructs/accepted-finding.ts";
import { synthConstruct } from "../support/template.ts";

const template = synthConstruct((scope) => {
  const bucket = new S3Bucket(scope, "bucket", { bucket: "example" });
  accept(bucket, "CKV_AWS_18", "one reason");
  accept(bucket, "CKV_AWS_144", "another reason");
  accept(
    new DataAwsIamPolicyDocument(scope, "policy", { statement: [{ actions: ["s3:*"] }] }),
    "CKV_AWS_111",
    "a third",
  );
  new S3Bucket(scope, "other", { bucket: "other" });
});

test("what is accepted stands beside the resource, by check, with its reason, and nowhere else", () => {
  expect(template.acceptedFindings()).toEqual({
    bucket: { CKV_AWS_18: "one reason", CKV_AWS_144: "another reason" },
    policy: { CKV_AWS_111: "a third" }, // a data source writes a comment of its own, over what is overridden in it
  });
});

test("what is accepted changes nothing of what Terraform does", () => {
  expect(template.resources("aws_s3_bucket")).toEqual([{ bucket: "example" }, { bucket: "other" }]);
});
