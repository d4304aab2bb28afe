import { DescribeServicesCommand, ECSClient, type Service } from "@aws-sdk/client-ecs";
import { namePrefix } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../stacks/aws-stack.ts";
import { askAws, clientOptions } from "./ask.ts";

/**
 * Looks up an environment's ECS service, which has its cluster's name.
 * @returns undefined where there is none (yet, or any more)
 * @throws UserError where AWS refuses
 */
export async function describeService(
  { name, aws }: EnvironmentOnAws,
  signal: AbortSignal,
  ecs = new ECSClient(clientOptions(aws.region)),
): Promise<Service | undefined> {
  const prefix = namePrefix(name);
  const request = new DescribeServicesCommand({ cluster: prefix, services: [prefix] });
  return askAws("ecs:DescribeServices", signal, async () => {
    try {
      const { services } = await ecs.send(request, { abortSignal: signal });
      return services?.find(({ status }) => status === "ACTIVE");
    } catch (error) {
      if ((error as Error).name === "ClusterNotFoundException") return undefined;
      throw error;
    }
  });
}
