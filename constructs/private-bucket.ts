import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import type { Construct } from "constructs";

/** Props of {@link privateBucket}. */
export interface PrivateBucketProps {
  /** All buckets of the world share one namespace: with the account's id in it, the name is the account's own. */
  readonly name: string;
  /** Key that encrypts the objects. @default - S3's own keys */
  readonly kmsKeyArn?: string;
  /** Days after which an object goes; what was written over goes after 30. */
  readonly retentionDays: number;
  /** Destroying the bucket fails while it holds objects. */
  readonly deletionProtection: boolean;
  /** Who else than the account's own roles may do what, given the bucket's ARN. @default nobody */
  readonly statements?: (bucketArn: string) => DataAwsIamPolicyDocumentStatement[];
}

/** A bucket that has been made. */
export interface PrivateBucket {
  readonly bucket: S3Bucket;
  /** What must be there before somebody writes. */
  readonly policy: S3BucketPolicy;
}

/** Makes a bucket that is encrypted, private, versioned, for TLS only, and that forgets; in the scope's own ids. */
export function privateBucket(scope: Construct, props: PrivateBucketProps): PrivateBucket {
  const { kmsKeyArn, retentionDays } = props;
  const bucket = new S3Bucket(scope, "bucket", { bucket: props.name, forceDestroy: !props.deletionProtection });
  new S3BucketOwnershipControls(scope, "ownership", {
    bucket: bucket.id,
    rule: { objectOwnership: "BucketOwnerEnforced" },
  });
  const isPrivate = new S3BucketPublicAccessBlock(scope, "private", {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new S3BucketServerSideEncryptionConfigurationA(scope, "encryption", {
    bucket: bucket.id,
    rule: [
      kmsKeyArn
        ? {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
            bucketKeyEnabled: true, // one request to KMS for many objects
          }
        : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ],
  });
  new S3BucketVersioningA(scope, "versioning", {
    bucket: bucket.id,
    versioningConfiguration: { status: "Enabled" }, // nothing can be overwritten unseen
  });
  new S3BucketLifecycleConfiguration(scope, "lifecycle", {
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
  const document = new DataAwsIamPolicyDocument(scope, "policy-document", {
    statement: [
      ...(props.statements?.(bucket.arn) ?? []),
      {
        sid: "TlsOnly",
        effect: "Deny",
        principals: [{ type: "*", identifiers: ["*"] }],
        actions: ["s3:*"],
        resources: [bucket.arn, `${bucket.arn}/*`],
        condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
      },
    ],
  });
  const policy = new S3BucketPolicy(scope, "policy", {
    bucket: bucket.id,
    policy: document.json,
    dependsOn: [isPrivate],
  });
  return { bucket, policy };
}
