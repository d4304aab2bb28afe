import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { Construct } from "constructs";
import { accept } from "./accepted-finding.ts";

/** How logs are kept. */
export interface LogRetention {
  /** Days; CloudWatch takes certain numbers only. */
  readonly retentionDays: number;
  /** Key that encrypts them. */
  readonly kmsKeyArn: string;
}

/** A log group, encrypted, that forgets. */
export function logGroup(scope: Construct, id: string, name: string, { retentionDays, kmsKeyArn }: LogRetention) {
  const group = new CloudwatchLogGroup(scope, id, { name, retentionInDays: retentionDays, kmsKeyId: kmsKeyArn });
  if (retentionDays < 365)
    accept(group, "CKV_AWS_338", "how long logs are kept is the environment's choice; logins are personal data");
  return group;
}
