import {
  DescribeServicesCommand,
  ECSClient,
  UpdateServiceCommand,
  type Service,
  type ServiceEvent,
} from "@aws-sdk/client-ecs";
import { namePrefix } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { askAws, clientOptions, undefinedOn } from "./ask.ts";

/**
 * Looks up an environment's ECS service, which has its cluster's name.
 * @param noCluster what to say where there is not even the cluster. @default - nothing: there is no service either
 * @returns undefined where there is none (yet, or any more)
 * @throws UserError where AWS refuses
 */
export async function describeService(
  { name, aws }: EnvironmentOnAws,
  signal: AbortSignal,
  ecs = new ECSClient(clientOptions(aws.region)),
  noCluster?: string,
): Promise<Service | undefined> {
  const prefix = namePrefix(name);
  const request = new DescribeServicesCommand({ cluster: prefix, services: [prefix] });
  const answer = await askAws(
    "ecs:DescribeServices",
    signal,
    undefinedOn(noCluster ? [] : ["ClusterNotFoundException"], () => ecs.send(request, { abortSignal: signal })),
    noCluster ? { ClusterNotFoundException: noCluster } : {},
  );
  return answer?.services?.find(({ status }) => status === "ACTIVE");
}

/**
 * Replaces all tasks of a service by new ones of the same task definition.
 * @returns id of the deployment that does it, to wait for
 * @throws UserError where AWS refuses
 */
export async function replaceTasks(
  { clusterArn, serviceName }: Service,
  signal: AbortSignal,
  ecs: ECSClient,
): Promise<string | undefined> {
  const request = new UpdateServiceCommand({ cluster: clusterArn, service: serviceName, forceNewDeployment: true });
  const { service } = await askAws("ecs:UpdateService", signal, () => ecs.send(request, { abortSignal: signal }));
  return service?.deployments?.find(({ status }) => status === "PRIMARY")?.id;
}

/** What an event of a service says, without the service's name that each begins with. */
export function eventText({ message = "" }: ServiceEvent): string {
  return message.replace(/^\(service [^)]+\),? */, "");
}
