import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { PORTS } from "../../keycloak-image/settings.ts";
import { ServiceAutoscaling } from "./autoscaling.ts";
import { CONTAINER_NAME, keycloakContainer, VOLUMES, type ContainerProps } from "./container.ts";
import type { FargateCpu } from "./fargate.ts";
import { TaskRoles } from "./roles.ts";

/** Props of {@link KeycloakService}; what the container needs is in {@link ContainerProps}. */
export interface KeycloakServiceProps extends ContainerProps {
  /** Name of cluster and service, prefix of the roles. */
  readonly name: string;
  readonly accountId: string;
  /** CPU units of a task; 1024 are one vCPU. */
  readonly cpu: FargateCpu;
  readonly architecture: "ARM64" | "X86_64";
  /** Tasks to begin with; 0 stops the service. */
  readonly desiredCount: number;
  /** Bounds of the autoscaling. */
  readonly minCount: number;
  readonly maxCount: number;
  /** New tasks first (200 and 100 %), or old ones stopped first (100 and 0 %), which interrupts the service. */
  readonly deployment: "rolling" | "recreate";
  /** FARGATE_SPOT instead of FARGATE. */
  readonly spot: boolean;
  readonly repositoryArn: string;
  readonly logGroupArn: string;
  /** Private subnets in two or more Availability Zones. */
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  readonly targetGroupArn: string;
  /** What makes the target group ready to take tasks, and the database to take connections. */
  readonly after: readonly ITerraformDependable[];
}

/** Seconds in which failing load balancer checks do not count: a first start makes the database's schema. */
const GRACE_PERIOD = 600;

/**
 * Percent of the desired count that may, and that must, run while tasks are replaced. To spread tasks over the zones
 * again, AWS wants to start one before it stops another: it refuses that together with 100 %, and assumes it by itself.
 */
const DEPLOYMENTS = {
  rolling: {
    deploymentMaximumPercent: 200,
    deploymentMinimumHealthyPercent: 100,
    availabilityZoneRebalancing: "ENABLED",
  },
  recreate: {
    deploymentMaximumPercent: 100,
    deploymentMinimumHealthyPercent: 0,
    availabilityZoneRebalancing: "DISABLED",
  },
} as const;

/** Keycloak on Fargate: cluster, task definition, service and its autoscaling. */
export class KeycloakService extends Construct {
  readonly clusterName: string;
  readonly serviceName: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: KeycloakServiceProps,
  ) {
    super(scope, id);
    const roles = new TaskRoles(this, "roles", {
      name: props.name,
      accountId: props.accountId,
      repositoryArn: props.repositoryArn,
      logGroupArn: props.logGroupArn,
      secretArns: Object.values(props.secretArns),
      exec: props.exec,
    });
    const cluster = new EcsCluster(this, "cluster", {
      name: props.name,
      setting: [{ name: "containerInsights", value: "enhanced" }],
    });
    const capacity = new EcsClusterCapacityProviders(this, "capacity", {
      clusterName: cluster.name,
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
    });
    const taskDefinition = this.taskDefinition(roles);
    const service = this.service(cluster, taskDefinition, [capacity, ...roles.ready]);
    const stopped = props.desiredCount === 0;
    new ServiceAutoscaling(this, "autoscaling", {
      name: props.name,
      clusterName: cluster.name,
      serviceName: service.name,
      minCount: stopped ? 0 : props.minCount,
      maxCount: stopped ? 0 : props.maxCount,
    });
    this.clusterName = cluster.name;
    this.serviceName = service.name;
  }

  private taskDefinition({ executionRoleArn, taskRoleArn }: TaskRoles): EcsTaskDefinition {
    const { props } = this;
    return new EcsTaskDefinition(this, "task-definition", {
      family: props.name,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(props.cpu),
      memory: String(props.memory),
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: props.architecture },
      executionRoleArn,
      taskRoleArn,
      volume: Object.keys(VOLUMES).map((name) => ({ name })),
      containerDefinitions: JSON.stringify([keycloakContainer(props)]),
      skipDestroy: true, // earlier revisions stay, to roll back to
    });
  }

  private service(cluster: EcsCluster, taskDefinition: EcsTaskDefinition, after: ITerraformDependable[]): EcsService {
    const { props } = this;
    return new EcsService(this, "service", {
      name: props.name,
      cluster: cluster.arn,
      taskDefinition: taskDefinition.arn,
      desiredCount: props.desiredCount,
      capacityProviderStrategy: [{ capacityProvider: props.spot ? "FARGATE_SPOT" : "FARGATE", weight: 1 }],
      forceNewDeployment: true, // another capacity provider then updates the service instead of replacing it
      platformVersion: "LATEST",
      ...DEPLOYMENTS[props.deployment],
      deploymentCircuitBreaker: { enable: true, rollback: true },
      healthCheckGracePeriodSeconds: GRACE_PERIOD,
      enableExecuteCommand: props.exec,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      networkConfiguration: {
        subnets: [...props.subnetIds],
        securityGroups: [props.securityGroupId],
        assignPublicIp: false,
      },
      loadBalancer: [
        { targetGroupArn: props.targetGroupArn, containerName: CONTAINER_NAME, containerPort: PORTS.http },
      ],
      dependsOn: [...props.after, ...after],
      lifecycle: { ignoreChanges: ["desired_count"] }, // autoscaling's from now on
    });
  }
}
