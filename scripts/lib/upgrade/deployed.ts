import { ECSClient } from "@aws-sdk/client-ecs";
import { RECIPE_LABELS } from "../../../keycloak-image/settings.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { clientOptions } from "../aws/ask.ts";
import { describeService } from "../aws/service.ts";
import { keycloakContainerOf, releaseOf } from "../aws/task-definition.ts";
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
export async function deployedSetup(environment: EnvironmentOnAws, signal: AbortSignal): Promise<Deployed | undefined> {
  const ecs = new ECSClient(clientOptions(environment.aws.region));
  const service = await describeService(environment, signal, ecs);
  if (!service) return undefined;
  const container = await keycloakContainerOf(service.taskDefinition!, signal, ecs);
  const version = releaseOf(container);
  const options = container.dockerLabels?.[RECIPE_LABELS.buildOptions];
  if (!version || options === undefined)
    throw new UserError(
      `The task definition ${service.taskDefinition} does not tell by its labels which Keycloak it runs. ` +
        `Name the release: npm run upgrade-check -- ${environment.name} --deployed-version 26.7.3`,
    );
  const variables = (container.environment ?? []).filter(({ name }) => name?.startsWith("KC_"));
  return {
    version,
    buildOptions: options.split(" ").filter(Boolean),
    variables: Object.fromEntries(variables.map(({ name, value }) => [name!, value ?? ""])),
    tasks: service.runningCount ?? 0,
  };
}
