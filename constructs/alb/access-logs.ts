import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { accept } from "../accepted-finding.ts";

/** Props of {@link AccessLogs}. */
export interface AccessLogsProps {
  readonly name: string;
  readonly accountId: string;
  /** Days. */
  readonly retentionDays: number;
  /** Destroying the bucket fails while it holds logs. */
  readonly deletionProtection: boolean;
}

/**
 * The bucket of the load balancer's access logs: encrypted, private, over TLS only, and forgetting.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export class AccessLogs extends Construct {
  readonly bucket: string;
  /** What must be there before a load balancer can write. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, { name, accountId, retentionDays, deletionProtection }: AccessLogsProps) {
    super(scope, id);
    const bucket = new S3Bucket(this, "bucket", {
      bucket: `${name}-logs-${accountId}`, // buckets share one namespace: the account makes the name its own
      forceDestroy: !deletionProtection,
    });
    accept(bucket, "CKV_AWS_145", "a load balancer writes to buckets with SSE-S3 only, not with a KMS key");
    accept(bucket, "CKV_AWS_18", "this is the bucket of access logs: logging its own access would go round in circles");
    accept(bucket, "CKV_AWS_144", "access logs are not worth a copy in another Region");
    accept(bucket, "CKV2_AWS_62", "nothing acts on a single log file");

    new S3BucketOwnershipControls(this, "ownership", {
      bucket: bucket.id,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    const isPrivate = new S3BucketPublicAccessBlock(this, "private", {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: bucket.id,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    new S3BucketVersioningA(this, "versioning", {
      bucket: bucket.id,
      versioningConfiguration: { status: "Enabled" }, // a log cannot be overwritten unseen
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: bucket.id,
      rule: [
        {
          id: "forget",
          status: "Enabled",
          filter: [{ prefix: "" }],
          expiration: [{ days: retentionDays }],
          noncurrentVersionExpiration: [{ noncurrentDays: 30 }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
    });
    const policy = new S3BucketPolicy(this, "policy", {
      bucket: bucket.id,
      policy: this.policy(bucket.arn, accountId).json,
      dependsOn: [isPrivate],
    });
    this.bucket = bucket.id;
    this.ready = [policy];
  }

  private policy(bucketArn: string, accountId: string): DataAwsIamPolicyDocument {
    return new DataAwsIamPolicyDocument(this, "policy-document", {
      statement: [
        {
          sid: "LoadBalancersOfTheAccountWrite",
          principals: [{ type: "Service", identifiers: ["logdelivery.elasticloadbalancing.amazonaws.com"] }],
          actions: ["s3:PutObject"],
          resources: [`${bucketArn}/AWSLogs/${accountId}/*`],
        },
        {
          sid: "TlsOnly",
          effect: "Deny",
          principals: [{ type: "*", identifiers: ["*"] }],
          actions: ["s3:*"],
          resources: [bucketArn, `${bucketArn}/*`],
          condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
        },
      ],
    });
  }
}
