import { byDefault, changed, dropped, Including, on, same, sameAs, section, type Row } from "../support/row.ts";
import { ARTICLE_VALUE, ONE_NAME, OWN_RESOURCES, TAGGED } from "./reasons.ts";

const FILE = "modules/keycloak/main.tf";
const IN = "aws_vpc_security_group_ingress_rule security-groups/load-balancer-to-tasks-in";
const PRIVATE = ["${aws_subnet.vpc/private-1.id}", "${aws_subnet.vpc/private-2.id}"];
const TASKS = "${aws_security_group.security-groups/tasks.id}";
const CLUSTER = "${aws_ecs_cluster.service/cluster.arn}";
const TARGET_GROUP = "${aws_lb_target_group.load-balancer/target-group.arn}";
const ENHANCED = "Container Insights with enhanced observability: each task and container by itself as well";

/** Cluster, service and task definition; what is in the container is in `container.ts`. */
export const SERVICE: readonly Row[] = [
  ...section(
    `${FILE}, aws_ecs_cluster.keycloak`,
    "aws_ecs_cluster",
    [
      changed("name", "module.label.id", "keycloak-repository", ONE_NAME),
      dropped("tags", "module.label.tags", TAGGED),
      changed("setting containerInsights", "enabled", "enhanced", ENHANCED, "setting.containerInsights"),
    ],
    "repository",
  ),
  ...section("article, Container Insights: aws_ecs_cluster.main", "aws_ecs_cluster", [
    changed("name", "keycloak-cluster", "keycloak-production", ONE_NAME),
    changed("setting containerInsights", "enabled", "enhanced", ENHANCED, "setting.containerInsights"),
  ]),
  ...section(`${FILE}, data.aws_caller_identity.current`, "data.aws_caller_identity", [
    sameAs("account_id", "looked up", 1, "#"),
  ]),
  ...section(
    `${FILE}, module.ecs`,
    "aws_ecs_service",
    [
      dropped("source", "cloudposse/terraform-aws-ecs-alb-service-task 0.74.0", OWN_RESOURCES, "module *"),
      sameAs(
        "container_definition_json",
        "templates/container_definition.json",
        "keycloak",
        "aws_ecs_task_definition: container_definitions.keycloak.name",
      ),
      sameAs(
        "alb_security_group",
        "module.alb.security_group_id",
        "${aws_security_group.security-groups/load-balancer.id}",
        `${IN}: referenced_security_group_id`,
      ),
      changed("attributes", ["svc"], "keycloak-repository", ONE_NAME, "name"),
      same("container_port", 8080, `${IN}: from_port`),
      changed("deployment_maximum_percent", 100, 200, ARTICLE_VALUE),
      changed("deployment_minimum_healthy_percent", 50, 100, ARTICLE_VALUE),
      same("desired_count", 2),
      sameAs("ecs_cluster_arn", "aws_ecs_cluster.keycloak.arn", CLUSTER, "cluster"),
      same("health_check_grace_period_seconds", 600),
      changed(
        "ignore_changes_task_definition",
        false,
        ["desired_count"],
        "task definitions are deployed as theirs are; only the number of tasks is left to autoscaling",
        "lifecycle.ignore_changes",
      ),
      changed("name", "module.label.id", "keycloak-repository", ONE_NAME),
      sameAs("subnet_ids", "var.private_subnet_ids", PRIVATE, "network_configuration.subnets"),
      dropped("tags", "module.label.tags", TAGGED),
      sameAs("task_cpu", 1024, "1024", "aws_ecs_task_definition: cpu"),
      sameAs("task_memory", 2048, "2048", "aws_ecs_task_definition: memory"),
      sameAs("use_alb_security_group", true, TASKS, `${IN}: security_group_id`),
      sameAs("vpc_id", "var.vpc_id", "${aws_vpc.vpc.id}", "aws_security_group security-groups/tasks: vpc_id"),
      same("ecs_load_balancers.container_name", "keycloak", "load_balancer.container_name"),
      same("ecs_load_balancers.container_port", 8080, "load_balancer.container_port"),
      byDefault("ecs_load_balancers.elb_name", null, "load_balancer.elb_name"),
      sameAs(
        "ecs_load_balancers.target_group_arn",
        "module.alb.default_target_group_arn",
        TARGET_GROUP,
        "load_balancer.target_group_arn",
      ),
    ],
    "repository",
  ),
  ...section("article, ECS Service Configuration: aws_ecs_service.keycloak", "aws_ecs_service", [
    changed("name", "keycloak", "keycloak-production", ONE_NAME),
    sameAs("cluster", "aws_ecs_cluster.main.id", CLUSTER),
    sameAs(
      "task_definition",
      "aws_ecs_task_definition.keycloak.arn",
      "${aws_ecs_task_definition.service/task-definition.arn}",
    ),
    same("desired_count", 2),
    changed(
      "launch_type",
      "FARGATE",
      "FARGATE",
      "by a capacity provider, so that service.spot can choose the cheaper one",
      "capacity_provider_strategy.capacity_provider",
    ),
    same("platform_version", "LATEST"),
    same("deployment_maximum_percent", 200),
    same("deployment_minimum_healthy_percent", 100),
    same("health_check_grace_period_seconds", 600),
    sameAs("network_configuration.subnets", "module.vpc.private_subnets", PRIVATE),
    sameAs("network_configuration.security_groups", ["aws_security_group.keycloak_ecs.id"], [TASKS]),
    sameAs("load_balancer.target_group_arn", "aws_lb_target_group.keycloak.arn", TARGET_GROUP),
    same("load_balancer.container_name", "keycloak"),
    same("load_balancer.container_port", 8080),
    sameAs("depends_on", ["aws_lb_listener.https"], new Including("aws_lb_listener.load-balancer/https")),
  ]),
  ...section("article, Deployment Walkthrough and High Availability", "aws_ecs_service", [
    on("existing VPC", same("Step 1: desired_count", 0, "desired_count")),
    same("Step 3: desired_count", 2, "desired_count"),
    sameAs("ECS Tasks: in two or more zones", "spread", "ENABLED", "availability_zone_rebalancing"),
    sameAs("ECS Tasks: no direct internet access", "private", false, "network_configuration.assign_public_ip"),
  ]),
];
