import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from "@aws-sdk/client-ecs";
import { CONTAINER_NAME } from "../../../constructs/ecs/container.ts";
import { namePrefix } from "../../../constructs/names.ts";
import { RECIPE_LABELS } from "../../../keycloak-image/settings.ts";
import type { EnvironmentOnAws } from "../../../stacks/aws-stack.ts";
import { askAws, clientOptions } from "../aws/ask.ts";
import { UserError } from "../errors.ts";
import type { KeycloakSetup } from "./compatibility.ts";

/** What runs on AWS now. */
export interface Deployed extends KeycloakSetup {
  /** Tasks that run. */
  readonly tasks: number;
}

/**
 * Reads what an environment's service runs from its task definition.
 * @returns undefined where there is no service yet
 * @throws UserError where AWS refuses, or the task definition does not tell what it runs
 */
export async function deployedSetup(
  { name, aws }: EnvironmentOnAws,
  signal: AbortSignal,
): Promise<Deployed | undefined> {
  const client = new ECSClient(clientOptions(aws.region));
  const prefix = namePrefix(name);
  const service = await askAws("ecs:DescribeServices", signal, async () => {
    try {
      const { services } = await client.send(new DescribeServicesCommand({ cluster: prefix, services: [prefix] }), {
        abortSignal: signal,
      });
      return services?.find(({ status }) => status === "ACTIVE");
    } catch (error) {
      if ((error as Error).name === "ClusterNotFoundException") return undefined;
      throw error;
    }
  });
  if (!service) return undefined;
  const { taskDefinition } = await askAws("ecs:DescribeTaskDefinition", signal, () =>
    client.send(new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinition }), { abortSignal: signal }),
  );
  const container = taskDefinition?.containerDefinitions?.find((one) => one.name === CONTAINER_NAME);
  const version = container?.dockerLabels?.[RECIPE_LABELS.version];
  const options = container?.dockerLabels?.[RECIPE_LABELS.buildOptions];
  if (!version || options === undefined)
    throw new UserError(
      `The task definition ${service.taskDefinition} does not tell by its labels which Keycloak it runs. ` +
        "Name the release: --deployed-version 26.7.3",
    );
  const variables = (container?.environment ?? []).filter(({ name: variable }) => variable?.startsWith("KC_"));
  return {
    version,
    buildOptions: options.split(" ").filter(Boolean),
    variables: Object.fromEntries(variables.map(({ name: variable, value }) => [variable!, value ?? ""])),
    tasks: service.runningCount ?? 0,
  };
}
