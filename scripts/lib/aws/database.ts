import { DescribeDBClustersCommand, RDSClient, type DBCluster } from "@aws-sdk/client-rds";
import { namePrefix } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { askAws, clientOptions, undefinedOn } from "./ask.ts";

/**
 * Looks up an environment's Aurora cluster.
 * @returns undefined where there is none (yet, or any more)
 * @throws UserError where AWS refuses
 */
export async function describeDatabase(
  { name, aws }: EnvironmentOnAws,
  signal: AbortSignal,
  rds = new RDSClient(clientOptions(aws.region)),
): Promise<DBCluster | undefined> {
  const request = new DescribeDBClustersCommand({ DBClusterIdentifier: namePrefix(name) });
  const answer = await askAws(
    "rds:DescribeDBClusters",
    signal,
    undefinedOn(["DBClusterNotFoundFault"], () => rds.send(request, { abortSignal: signal })),
  );
  return answer?.DBClusters?.[0];
}
