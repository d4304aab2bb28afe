import type { DBClusterSnapshot } from "@aws-sdk/client-rds";
import { namePrefix, secretNames } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";

/** Name of the snapshot that Aurora takes when the cluster is deleted. */
export function finalSnapshotName(environment: string): string {
  return `${namePrefix(environment)}-final`;
}

/**
 * What a destroyed environment leaves: rows of a name and what to know about it.
 * @param snapshot the database's last one, where there is one
 */
export function whatStays({ name, aws }: EnvironmentOnAws, snapshot?: DBClusterSnapshot): [string, string][] {
  const secrets = Object.values(secretNames(name)).join(" ");
  const rows: [string, string][] = [];
  if (snapshot) rows.push(["Snapshot", `${snapshot.DBClusterSnapshotIdentifier}, with the realm and all people`]);
  if (snapshot && aws.database.kmsKey === "own") rows.push(...keyRows(snapshot, aws.region));
  rows.push(
    ["Other snapshots", `those that deployments took: aws rds describe-db-cluster-snapshots --region ${aws.region}`],
    [
      "Passwords",
      `they open what is in a snapshot. To delete: aws ssm delete-parameters --region ${aws.region} --names ${secrets}`,
    ],
    [
      "Terraform's state",
      `${aws.state ? `in ${aws.state.bucket}` : "the files terraform.*.tfstate"}; that of ${name}-realm still names the realm: whoever restores the snapshot under this name needs it`,
    ],
    ["Task definitions", "their revisions, which cost nothing"],
  );
  return rows;
}

/**
 * A key that waits for its deletion opens nothing. https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
 */
function keyRows({ DBClusterSnapshotIdentifier: id, KmsKeyId: key = "<its key>" }: DBClusterSnapshot, region: string) {
  const kms = (verb: string) => `aws kms ${verb} --region ${region} --key-id ${key}`;
  const copy =
    `aws rds copy-db-cluster-snapshot --region ${region} --source-db-cluster-snapshot-identifier ${id} ` +
    `--target-db-cluster-snapshot-identifier ${id}-kept --kms-key-id alias/aws/rds`;
  return [
    ["Its key", "is deleted after 30 days, and the snapshot is lost with it. To keep it readable, in this order:"],
    ["", kms("cancel-key-deletion")],
    ["", kms("enable-key")],
    ["", copy],
    ["", `${kms("schedule-key-deletion")} --pending-window-in-days 30  (once the copy is available)`],
  ] as [string, string][];
}

/** What goes for good, in words. */
export function whatGoes({ keycloak, aws }: EnvironmentOnAws): string[] {
  const { hostname } = new URL(keycloak.url);
  return [
    "the database, with all realms, people and clients",
    ...(aws.database.finalSnapshot ? [] : ["its backups: aws.database.finalSnapshot is off"]),
    "Keycloak's logs and the database's; the load balancer's access logs",
    ...(aws.backup.enabled ? ["the bucket with dumps and exports"] : []),
    "the images",
    // ACM proves a domain by the same record for all its certificates of one account.
    ...(aws.loadBalancer.zone
      ? [`the DNS record of ${hostname}, and the one that proves certificates for it, another environment's too`]
      : []),
    ...(aws.network.kind === "own" ? ["the VPC"] : []),
  ];
}
