import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  type LoadBalancer,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { namePrefix } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { askAws, clientOptions, undefinedOn } from "./ask.ts";

/**
 * Looks up an environment's load balancer.
 * @returns undefined where there is none (yet, or any more)
 * @throws UserError where AWS refuses
 */
export async function describeLoadBalancer(
  { name, aws }: EnvironmentOnAws,
  signal: AbortSignal,
  elb = new ElasticLoadBalancingV2Client(clientOptions(aws.region)),
): Promise<LoadBalancer | undefined> {
  const request = new DescribeLoadBalancersCommand({ Names: [namePrefix(name)] });
  const answer = await askAws(
    "elasticloadbalancing:DescribeLoadBalancers",
    signal,
    undefinedOn(["LoadBalancerNotFoundException"], () => elb.send(request, { abortSignal: signal })),
  );
  return answer?.LoadBalancers?.[0];
}
