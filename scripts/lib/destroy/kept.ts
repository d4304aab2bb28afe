import { namePrefix, secretNames } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../stacks/aws-stack.ts";

/** Name of the snapshot that Aurora takes when the cluster is deleted. */
export function finalSnapshotName(environment: string): string {
  return `${namePrefix(environment)}-final`;
}

/** What a destroyed environment leaves: rows of a name and what to know about it. */
export function whatStays({ name, aws }: EnvironmentOnAws): [string, string][] {
  const snapshot = finalSnapshotName(name);
  const secrets = Object.values(secretNames(name)).join(" ");
  // https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
  const readable =
    aws.database.kmsKey === "own"
      ? `readable for 30 days, while its key waits for its deletion: copy it with another key before then: aws rds copy-db-cluster-snapshot --region ${aws.region} --source-db-cluster-snapshot-identifier ${snapshot} --target-db-cluster-snapshot-identifier ${snapshot}-kept --kms-key-id alias/aws/rds`
      : "restore it by aws.database.restoreFromSnapshot of another environment";
  return [
    ...(aws.database.finalSnapshot ? ([["Snapshot", `${snapshot}, ${readable}`]] as [string, string][]) : []),
    [
      "Passwords",
      `they open what is in a snapshot. To delete them: aws ssm delete-parameters --region ${aws.region} --names ${secrets}`,
    ],
    ["Encryption key", "deleted after 30 days: aws kms cancel-key-deletion keeps it"],
    [
      "Terraform's state",
      aws.state
        ? `in ${aws.state.bucket}, of stacks without resources`
        : "the files terraform.*.tfstate, of stacks without resources",
    ],
  ];
}

/** What goes for good, in words. */
export function whatGoes({ aws }: EnvironmentOnAws): string[] {
  return [
    "the database, with all realms, people and clients",
    ...(aws.database.finalSnapshot ? [] : ["its backups: aws.database.finalSnapshot is off"]),
    "Keycloak's logs and the database's; the load balancer's access logs",
    ...(aws.backup.enabled ? ["the bucket with dumps and exports"] : []),
    "the images",
    ...(aws.network.kind === "own" ? ["the VPC"] : []),
  ];
}
