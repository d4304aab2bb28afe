import { DescribeTaskDefinitionCommand, ECSClient, type Service } from "@aws-sdk/client-ecs";
import { namePrefix } from "../../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../../environments/schema/on-aws.ts";
import { askAws, clientOptions } from "../../aws/ask.ts";
import { describeService, replaceTasks } from "../../aws/service.ts";
import { waitUntilSteady } from "../../aws/steady.ts";
import { UserError } from "../../errors.ts";
import { pause } from "../../pause.ts";
import type { Say } from "../../terminal/task-list.ts";

/** How a rollout is followed. */
export interface RolloutOptions {
  readonly signal: AbortSignal;
  readonly say: Say;
}

/** Looks at a service that is steady with an older task definition, before that is believed. */
const LOOKS = 6;

/** Milliseconds between them: AWS may not tell everywhere yet. */
const INTERVAL = 5_000;

/**
 * Waits until the service runs, steadily, what was deployed last. A service whose last deployment has failed is deployed
 * once more: ECS has given up on it, and Terraform finds nothing to change.
 * @throws UserError where the tasks do not start, or ECS went back to what ran before
 */
export async function followRollout(environment: EnvironmentOnAws, options: RolloutOptions): Promise<Service> {
  const { signal, say } = options;
  const ecs = new ECSClient(clientOptions(environment.aws.region));
  const deployment = await restartFailed(environment, ecs, options);
  for (let look = 1; ; look += 1) {
    const service = await waitUntilSteady(environment, { signal, update: say.doing, onEvent: say.event, deployment });
    const newest = await newestRevision(environment, ecs, signal);
    if (service.taskDefinition === newest) return service;
    if (look >= LOOKS)
      throw new UserError(
        `The tasks run ${revision(service.taskDefinition)}, and ${revision(newest)} was deployed last: ECS went back to what ran ` +
          `before, since the new tasks did not get healthy. Their log: npm run logs -- ${environment.name} --since 1h`,
      );
    await pause(INTERVAL, signal);
  }
}

async function restartFailed(
  environment: EnvironmentOnAws,
  ecs: ECSClient,
  { signal, say }: RolloutOptions,
): Promise<string | undefined> {
  const service = await describeService(environment, signal, ecs);
  const primary = service?.deployments?.find(({ status }) => status === "PRIMARY");
  if (primary?.rolloutState !== "FAILED") return undefined;
  say.event(`the last deployment had failed (${primary.rolloutStateReason}): another one begins`);
  return replaceTasks(service!, signal, ecs);
}

/** ARN of the task definition that was registered last; Terraform registers one for each change. */
async function newestRevision({ name }: EnvironmentOnAws, ecs: ECSClient, signal: AbortSignal): Promise<string> {
  const { taskDefinition } = await askAws("ecs:DescribeTaskDefinition", signal, () =>
    ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: namePrefix(name) }), { abortSignal: signal }),
  );
  return taskDefinition!.taskDefinitionArn!;
}

/** `keycloak-production:12` */
const revision = (arn = "") => arn.split("/").at(-1);
