import { DescribeDBClusterSnapshotsCommand, RDSClient, type DBClusterSnapshot } from "@aws-sdk/client-rds";
import { askAws, clientOptions, undefinedOn } from "../aws/ask.ts";

/**
 * Looks up a snapshot of a cluster by its name.
 * @returns undefined where there is none
 */
export async function findSnapshot(
  name: string,
  region: string,
  signal: AbortSignal,
): Promise<DBClusterSnapshot | undefined> {
  const client = new RDSClient(clientOptions(region));
  const request = new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: name });
  const answer = await askAws(
    "rds:DescribeDBClusterSnapshots",
    signal,
    undefinedOn(["DBClusterSnapshotNotFoundFault"], () => client.send(request, { abortSignal: signal })),
  );
  return answer?.DBClusterSnapshots?.[0];
}
