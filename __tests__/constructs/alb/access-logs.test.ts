import { describe, expect, test } from "@jest/globals";
import { AccessLogs, type AccessLogsProps } from "../../../constructs/alb/access-logs.ts";
import { synthConstruct } from "../../support/template.ts";

const logs = (changes: Partial<AccessLogsProps> = {}) =>
  synthConstruct(
    (scope) =>
      new AccessLogs(scope, "logs", {
        name: "keycloak-test",
        accountId: "111122223333",
        retentionDays: 90,
        deletionProtection: true,
        ...changes,
      }),
  );

const template = logs();
const BUCKET = "${aws_s3_bucket.logs_bucket.id}";

/** What belongs to the bucket, all of it by a resource of its own. */
const part = (type: string) => {
  const [one] = Object.values(template.byId(`aws_s3_bucket_${type}`));
  expect(one!.bucket).toBe(BUCKET);
  return one!;
};

describe("the bucket of access logs", () => {
  test("is named after the account, because all buckets of the world share their names", () => {
    expect(template.resource("aws_s3_bucket").bucket).toBe("keycloak-test-logs-111122223333");
  });

  test("is destroyed with its logs only where nothing is protected", () => {
    expect(logs({ deletionProtection: true }).resource("aws_s3_bucket").force_destroy).toBe(false);
    expect(logs({ deletionProtection: false }).resource("aws_s3_bucket").force_destroy).toBe(true);
  });

  test("is private, whatever an access list or a policy may say", () => {
    expect(part("public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(part("ownership_controls").rule).toEqual({ object_ownership: "BucketOwnerEnforced" });
  });

  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html: SSE-S3 only.
  test("is encrypted by S3's own keys: with a KMS key no log arrives", () => {
    expect(part("server_side_encryption_configuration").rule).toEqual([
      { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
    ]);
  });

  test("keeps a log that somebody writes over", () => {
    expect(part("versioning").versioning_configuration).toEqual({ status: "Enabled" });
  });

  test.each([1, 90])(
    "forgets a log after %d days, and what was written over or broken off soon after",
    (retentionDays) => {
      const { bucket, rule } = logs({ retentionDays }).byId("aws_s3_bucket_lifecycle_configuration").logs_lifecycle!;
      expect(bucket).toBe(BUCKET);
      expect((rule as object[])[0]).toMatchObject({
        status: "Enabled",
        filter: [{ prefix: "" }],
        expiration: [{ days: retentionDays }],
        noncurrent_version_expiration: [{ noncurrent_days: 30 }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      });
    },
  );
});

describe("its policy", () => {
  test("lets load balancers of the account write, and nobody connect without TLS", () => {
    expect(template.statements("logs_policy-document")).toEqual([
      {
        sid: "LoadBalancersOfTheAccountWrite",
        principals: [{ type: "Service", identifiers: ["logdelivery.elasticloadbalancing.amazonaws.com"] }],
        actions: ["s3:PutObject"],
        resources: ["${aws_s3_bucket.logs_bucket.arn}/AWSLogs/111122223333/*"],
      },
      {
        sid: "TlsOnly",
        effect: "Deny",
        principals: [{ type: "*", identifiers: ["*"] }],
        actions: ["s3:*"],
        resources: ["${aws_s3_bucket.logs_bucket.arn}", "${aws_s3_bucket.logs_bucket.arn}/*"],
        condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
      },
    ]);
  });

  test("is the bucket's, after the public is shut out: S3 refuses two changes of its access at once", () => {
    expect(part("policy")).toMatchObject({
      policy: "${data.aws_iam_policy_document.logs_policy-document.json}",
      depends_on: ["aws_s3_bucket_public_access_block.logs_private"],
    });
  });
});
