import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { accept } from "../accepted-finding.ts";
import { privateBucket } from "../private-bucket.ts";

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
    const { bucket, policy } = privateBucket(this, {
      name: `${name}-logs-${accountId}`,
      retentionDays,
      deletionProtection,
      statements: (bucketArn) => [
        {
          sid: "LoadBalancersOfTheAccountWrite",
          principals: [{ type: "Service", identifiers: ["logdelivery.elasticloadbalancing.amazonaws.com"] }],
          actions: ["s3:PutObject"],
          resources: [`${bucketArn}/AWSLogs/${accountId}/*`],
        },
      ],
    });
    accept(bucket, "CKV_AWS_145", "a load balancer writes to buckets with SSE-S3 only, not with a KMS key");
    accept(bucket, "CKV_AWS_18", "this is the bucket of access logs: logging its own access would go round in circles");
    accept(bucket, "CKV_AWS_144", "access logs are not worth a copy in another Region");
    accept(bucket, "CKV2_AWS_62", "nothing acts on a single log file");
    this.bucket = bucket.id;
    this.ready = [policy];
  }
}
