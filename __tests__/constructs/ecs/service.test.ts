import { describe, expect, test } from "@jest/globals";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { KeycloakService, type KeycloakServiceProps } from "../../../constructs/ecs/index.ts";
import { synthConstruct } from "../../support/template.ts";

const PROPS: Omit<KeycloakServiceProps, "after"> = {
  name: "keycloak-test",
  accountId: "111122223333",
  region: "eu-central-1",
  cpu: 1024,
  memory: 2048,
  architecture: "ARM64",
  desiredCount: 2,
  minCount: 2,
  maxCount: 6,
  deployment: "rolling",
  spot: false,
  exec: false,
  image: "111122223333.dkr.ecr.eu-central-1.amazonaws.com/keycloak-test@sha256:0123",
  repositoryArn: "arn:aws:ecr:eu-central-1:111122223333:repository/keycloak-test",
  logGroup: "/ecs/keycloak/test",
  logGroupArn: "arn:aws:logs:eu-central-1:111122223333:log-group:/ecs/keycloak/test",
  url: "https://auth.example.com/auth",
  built: { version: "26.7.3", buildOptions: [] },
  jdbcDriver: "postgresql",
  database: { host: "db.example.com", port: 5432, name: "keycloak", user: "keycloak" },
  secretArns: { adminPassword: "arn:admin", databasePassword: "arn:database" },
  subnetIds: ["subnet-1", "subnet-2"],
  securityGroupId: "sg-1",
  targetGroupArn: "arn:target-group",
};

const keycloak = (changes: Partial<KeycloakServiceProps> = {}) =>
  synthConstruct((scope) => {
    const other = new CloudwatchLogGroup(scope, "other", {});
    new KeycloakService(scope, "service", { ...PROPS, after: [other], ...changes });
  });
const service = (changes: Partial<KeycloakServiceProps> = {}) => keycloak(changes).byId("aws_ecs_service").service!;
const task = (changes: Partial<KeycloakServiceProps> = {}) =>
  keycloak(changes).byId("aws_ecs_task_definition")["service_task-definition"]!;

describe("the task definition", () => {
  test("is of Fargate, with so much CPU and memory, for that processor", () => {
    expect(task({ cpu: 2048, memory: 8192, architecture: "X86_64" })).toMatchObject({
      family: "keycloak-test",
      requires_compatibilities: ["FARGATE"],
      network_mode: "awsvpc", // the one that Fargate has
      cpu: "2048",
      memory: "8192",
      runtime_platform: { operating_system_family: "LINUX", cpu_architecture: "X86_64" },
    });
  });

  test("has one container, and a volume for each directory that it writes to", () => {
    const containers = JSON.parse(String(task().container_definitions)) as Record<string, unknown>[];
    expect(containers).toMatchObject([{ name: "keycloak", image: PROPS.image }]);
    const mounted = (containers[0]!.mountPoints as { sourceVolume: string }[]).map(({ sourceVolume: name }) => ({
      name,
    }));
    expect(task().volume).toEqual(mounted);
  });

  test("tells the agent's role from Keycloak's own", () => {
    expect(task()).toMatchObject({
      execution_role_arn: "${aws_iam_role.service_roles_execution.arn}",
      task_role_arn: "${aws_iam_role.service_roles_task.arn}",
    });
  });

  test("lets the agent reach this image, this log and these secrets", () => {
    const resources = keycloak()
      .statements("service_roles_start-task")
      .map((statement) => statement.resources);
    expect(resources).toEqual([
      ["*"],
      [PROPS.repositoryArn],
      [`${PROPS.logGroupArn}:*`],
      ["arn:admin", "arn:database"],
    ]);
  });

  test("keeps its earlier revisions: the circuit breaker rolls back to them", () => {
    expect(task().skip_destroy).toBe(true);
  });
});

describe("the service", () => {
  test("is in the cluster of its name, and runs the task definition", () => {
    expect(service()).toMatchObject({
      name: "keycloak-test",
      cluster: "${aws_ecs_cluster.service_cluster.arn}",
      task_definition: "${aws_ecs_task_definition.service_task-definition.arn}",
      platform_version: "LATEST",
    });
    expect(keycloak().byId("aws_ecs_cluster_capacity_providers").service_capacity!.cluster_name).toBe(
      "${aws_ecs_cluster.service_cluster.name}",
    );
  });

  test("runs tasks without a public address, in the private subnets, behind their security group", () => {
    expect(service().network_configuration).toEqual({
      subnets: ["subnet-1", "subnet-2"],
      security_groups: ["sg-1"],
      assign_public_ip: false,
    });
  });

  test("gives its tasks to the load balancer, once that, the database and the rights to start are there", () => {
    expect(service()).toMatchObject({
      load_balancer: [{ target_group_arn: "arn:target-group", container_name: "keycloak", container_port: 8080 }],
      depends_on: [
        "aws_cloudwatch_log_group.other",
        "aws_ecs_cluster_capacity_providers.service_capacity",
        "aws_iam_role_policy.service_roles_execution-start-task",
      ],
    });
  });

  test.each([
    [false, "FARGATE"],
    [true, "FARGATE_SPOT"],
  ])("on spare capacity: %s", (spot, provider) => {
    expect(service({ spot }).capacity_provider_strategy).toEqual([{ capacity_provider: provider, weight: 1 }]);
    expect(service({ spot })).not.toHaveProperty("launch_type"); // AWS refuses both
    expect(keycloak({ spot }).resource("aws_ecs_cluster_capacity_providers").capacity_providers).toContain(provider);
  });

  test("is updated, not replaced, where the capacity is another", () => {
    expect(service().force_new_deployment).toBe(true); // else the provider plans a replacement
  });

  test.each([true, false])("lets administrators into its tasks where the environment says so: %s", (exec) => {
    expect(service({ exec }).enable_execute_command).toBe(exec);
    expect(keycloak({ exec }).resources("aws_iam_role_policy")).toHaveLength(exec ? 2 : 1);
  });

  test("tags tasks as it is tagged itself, which is what costs are found by", () => {
    expect(service()).toMatchObject({ propagate_tags: "SERVICE", enable_ecs_managed_tags: true });
  });
});

describe("a deployment", () => {
  test("starts new tasks before it stops old ones, and goes back where they do not get healthy", () => {
    expect(service()).toMatchObject({
      deployment_minimum_healthy_percent: 100,
      deployment_maximum_percent: 200,
      deployment_circuit_breaker: { enable: true, rollback: true },
    });
  });

  test("stops all old tasks first where two releases must not run at once", () => {
    expect(service({ deployment: "recreate" })).toMatchObject({
      deployment_minimum_healthy_percent: 0,
      deployment_maximum_percent: 100,
      deployment_circuit_breaker: { enable: true, rollback: true },
    });
  });

  // AWS refuses to rebalance with a maximum of 100 %, and does not take a missing argument for "no".
  test.each([
    ["rolling", "ENABLED"],
    ["recreate", "DISABLED"],
  ] as const)("%s: tasks are spread over the zones again after one was away: %s", (deployment, rebalancing) => {
    expect(service({ deployment }).availability_zone_rebalancing).toBe(rebalancing);
  });

  test("has ten minutes before the load balancer's checks count: the first start makes the database's schema", () => {
    expect(service().health_check_grace_period_seconds).toBe(600);
  });
});

describe("how many tasks there are", () => {
  const target = (changes: Partial<KeycloakServiceProps> = {}) => keycloak(changes).byId("aws_appautoscaling_target");

  test("is the environment's to begin with; then the autoscaling's: a deployment at noon must not take its tasks away", () => {
    expect(service({ desiredCount: 3 })).toMatchObject({
      desired_count: 3,
      lifecycle: { ignore_changes: ["desired_count"] },
    });
  });

  test("stays within the bounds", () => {
    expect(target().service_autoscaling_target).toEqual({
      service_namespace: "ecs",
      scalable_dimension: "ecs:service:DesiredCount",
      resource_id: "service/${aws_ecs_cluster.service_cluster.name}/${aws_ecs_service.service.name}",
      min_capacity: 2,
      max_capacity: 6,
    });
  });

  test("is none where the environment wants none: desired_count is not looked at any more, so the bounds stop it", () => {
    expect(target({ desiredCount: 0 }).service_autoscaling_target).toMatchObject({ min_capacity: 0, max_capacity: 0 });
  });

  test("follows the CPU, up faster than down", () => {
    expect(keycloak().byId("aws_appautoscaling_policy").service_autoscaling_cpu).toMatchObject({
      name: "keycloak-test-cpu",
      policy_type: "TargetTrackingScaling",
      service_namespace: "${aws_appautoscaling_target.service_autoscaling_target.service_namespace}",
      scalable_dimension: "${aws_appautoscaling_target.service_autoscaling_target.scalable_dimension}",
      resource_id: "${aws_appautoscaling_target.service_autoscaling_target.resource_id}",
      target_tracking_scaling_policy_configuration: {
        predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageCPUUtilization" },
        target_value: 60, // below the alarm's 80
        scale_out_cooldown: 60,
        scale_in_cooldown: 300,
      },
    });
  });
});

test("the cluster has the metrics that the alarm on missing tasks is made of", () => {
  expect(keycloak().resource("aws_ecs_cluster")).toEqual({
    name: "keycloak-test",
    setting: [{ name: "containerInsights", value: "enhanced" }],
  });
});
