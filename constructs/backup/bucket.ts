import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { accept } from "../accepted-finding.ts";
import { backupBucketName } from "../names.ts";
import { privateBucket } from "../private-bucket.ts";

/** Props of {@link BackupBucket}. */
export interface BackupBucketProps {
  readonly name: string;
  readonly accountId: string;
  /** The environment's key: whoever may not use it can't read a dump. */
  readonly kmsKeyArn: string;
  /** Days. */
  readonly retentionDays: number;
  /** Destroying the bucket fails while it holds dumps. */
  readonly deletionProtection: boolean;
}

/** The bucket of dumps and exports. They hold every user, the realm's private keys and the clients' secrets. */
export class BackupBucket extends Construct {
  readonly bucket: string;
  readonly arn: string;
  /** What must be there before somebody writes. */
  readonly ready: ITerraformDependable[];

  constructor(scope: Construct, id: string, { name, accountId, ...props }: BackupBucketProps) {
    super(scope, id);
    const { bucket, policy } = privateBucket(this, { ...props, name: backupBucketName(name, accountId) });
    accept(bucket, "CKV_AWS_18", "who reads a dump stands in CloudTrail as the use of the environment's key");
    accept(bucket, "CKV_AWS_144", "the copy elsewhere is Aurora's own snapshot, copied by whoever needs one");
    accept(bucket, "CKV2_AWS_62", "nothing acts on a single dump");
    this.bucket = bucket.id;
    this.arn = bucket.arn;
    this.ready = [policy];
  }
}
