import { ECSClient, type ContainerDefinition, type Service } from "@aws-sdk/client-ecs";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { clientOptions } from "../aws/ask.ts";
import { describeService } from "../aws/service.ts";
import { keycloakContainerOf } from "../aws/task-definition.ts";
import { NotLookedAt } from "./row.ts";

/** What the look-ups have in common: the environment, and the service, which is asked for once. */
export class StatusContext {
  readonly ecs: ECSClient;
  private described?: Promise<Service | undefined>;

  constructor(
    readonly environment: EnvironmentOnAws,
    readonly signal: AbortSignal,
  ) {
    this.ecs = new ECSClient(clientOptions(environment.aws.region));
  }

  /**
   * The ECS service; undefined where there is none.
   * @throws UserError where AWS refuses
   */
  service(): Promise<Service | undefined> {
    this.described ??= describeService(this.environment, this.signal, this.ecs);
    return this.described;
  }

  /**
   * The ECS service, for rows that are about something else: why it is missing stands in its own rows.
   * @throws NotLookedAt where there is none, or AWS refuses
   */
  async serviceOrSkip(): Promise<Service> {
    const service = await this.service().catch(() => undefined);
    this.signal.throwIfAborted();
    if (service) return service;
    throw new NotLookedAt("needs the service, see above");
  }

  /** Keycloak's container as the service's task definition describes it. */
  async container(): Promise<ContainerDefinition> {
    const { taskDefinition } = await this.serviceOrSkip();
    return keycloakContainerOf(taskDefinition!, this.signal, this.ecs);
  }
}
