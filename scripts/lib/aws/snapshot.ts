import { DescribeDBClusterSnapshotsCommand, RDSClient, type DBClusterSnapshot } from "@aws-sdk/client-rds";
import { askAws, clientOptions, undefinedOn } from "./ask.ts";

/**
 * Looks up a snapshot of a cluster by its name.
 * @returns undefined where there is none
 */
export async function findSnapshot(
  name: string,
  region: string,
  signal: AbortSignal,
  client = new RDSClient(clientOptions(region)),
): Promise<DBClusterSnapshot | undefined> {
  const request = new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: name });
  const answer = await askAws(
    "rds:DescribeDBClusterSnapshots",
    signal,
    undefinedOn(["DBClusterSnapshotNotFoundFault"], () => client.send(request, { abortSignal: signal })),
  );
  return answer?.DBClusterSnapshots?.[0];
}
