import { DescribeTaskDefinitionCommand, type ContainerDefinition, type ECSClient } from "@aws-sdk/client-ecs";
import { CONTAINER_NAME } from "../../../constructs/ecs/container.ts";
import { RECIPE_LABELS } from "../../../keycloak-image/settings.ts";
import { UserError } from "../errors.ts";
import { askAws } from "./ask.ts";

/**
 * Looks up Keycloak's container in a task definition.
 * @param taskDefinition ARN, or family and revision
 * @throws UserError where AWS refuses, or it has no such container
 */
export async function keycloakContainerOf(
  taskDefinition: string,
  signal: AbortSignal,
  ecs: ECSClient,
): Promise<ContainerDefinition> {
  const answer = await askAws("ecs:DescribeTaskDefinition", signal, () =>
    ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }), { abortSignal: signal }),
  );
  const container = answer.taskDefinition?.containerDefinitions?.find(({ name }) => name === CONTAINER_NAME);
  if (container) return container;
  throw new UserError(`The task definition ${taskDefinition} has no container "${CONTAINER_NAME}".`);
}

/** Release of Keycloak that a container says it runs, such as `26.7.3`; undefined where it does not say. */
export function releaseOf({ dockerLabels }: ContainerDefinition): string | undefined {
  return dockerLabels?.[RECIPE_LABELS.version];
}
