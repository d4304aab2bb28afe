import {
  DescribeLoadBalancerAttributesCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { DBCluster } from "@aws-sdk/client-rds";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { askAws, clientOptions } from "../aws/ask.ts";
import { describeLoadBalancer } from "../aws/load-balancer.ts";

/** The settings of an environment that keep something from being deleted, as they are in its file. */
export function protections({ realm, aws }: EnvironmentOnAws): string[] {
  return [
    ...(realm.deletionProtection ? ["realm.deletionProtection"] : []),
    ...(aws.database.deletionProtection ? ["aws.database.deletionProtection"] : []),
    ...(aws.loadBalancer.deletionProtection ? ["aws.loadBalancer.deletionProtection"] : []),
  ];
}

/**
 * What AWS itself still keeps from being deleted: a setting that was changed counts when it is deployed.
 * @param database the environment's, where there is one
 */
export async function liveProtections(
  environment: EnvironmentOnAws,
  database: DBCluster | undefined,
  signal: AbortSignal,
): Promise<string[]> {
  const elb = new ElasticLoadBalancingV2Client(clientOptions(environment.aws.region));
  const balancer = await describeLoadBalancer(environment, signal, elb);
  const kept = database?.DeletionProtection ? [`the database ${database.DBClusterIdentifier}`] : [];
  if (!balancer) return kept;
  const request = new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: balancer.LoadBalancerArn });
  const { Attributes = [] } = await askAws("elasticloadbalancing:DescribeLoadBalancerAttributes", signal, () =>
    elb.send(request, { abortSignal: signal }),
  );
  const isOn = Attributes.some(({ Key, Value }) => Key === "deletion_protection.enabled" && Value === "true");
  return isOn ? [...kept, `the load balancer ${balancer.LoadBalancerName}`] : kept;
}
