import { CreateDBClusterSnapshotCommand, DescribeDBClusterSnapshotsCommand, RDSClient } from "@aws-sdk/client-rds";
import { namePrefix } from "../../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../../stacks/aws-stack.ts";
import { askAws, clientOptions } from "../../aws/ask.ts";
import { pause } from "../../aws/pause.ts";
import { UserError } from "../../errors.ts";
import type { Say } from "../../terminal/task-list.ts";
import { snapshotName } from "../../upgrade/check.ts";

/** How a snapshot is taken. */
export interface SnapshotOptions {
  readonly signal: AbortSignal;
  readonly say: Say;
  /** Milliseconds between two looks. @default 10000 */
  readonly intervalMs?: number;
}

/**
 * Takes a snapshot of the database before a release that cannot be taken back, and waits for it. One of the same release
 * that is there stays: a deployment that is repeated does not take another, of what it has half upgraded.
 * @returns its name
 * @throws UserError where AWS refuses, or the snapshot fails
 */
export async function takeSnapshot(
  { name, aws }: EnvironmentOnAws,
  version: string,
  { signal, say, intervalMs = 10_000 }: SnapshotOptions,
): Promise<string> {
  const client = new RDSClient(clientOptions(aws.region));
  const snapshot = snapshotName(name, version);
  await askAws("rds:CreateDBClusterSnapshot", signal, async () => {
    const request = { DBClusterIdentifier: namePrefix(name), DBClusterSnapshotIdentifier: snapshot };
    try {
      await client.send(new CreateDBClusterSnapshotCommand(request), { abortSignal: signal });
    } catch (error) {
      if ((error as Error).name !== "DBClusterSnapshotAlreadyExistsFault") throw error;
    }
  });
  for (;;) {
    const { DBClusterSnapshots } = await askAws("rds:DescribeDBClusterSnapshots", signal, () =>
      client.send(new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: snapshot }), {
        abortSignal: signal,
      }),
    );
    const { Status = "unknown", PercentProgress = 0 } = DBClusterSnapshots?.[0] ?? {};
    if (Status === "available") return snapshot;
    if (Status === "failed")
      throw new UserError(
        `The snapshot ${snapshot} has failed. Delete it (aws rds delete-db-cluster-snapshot --region ${aws.region} ` +
          `--db-cluster-snapshot-identifier ${snapshot}), then run the command again.`,
      );
    say.doing(`snapshot ${snapshot}: ${Status}, ${PercentProgress} %`);
    await pause(intervalMs, signal);
  }
}
