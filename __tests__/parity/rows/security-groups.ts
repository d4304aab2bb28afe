import { changed, dropped, same, sameAs, section, type Row } from "../support/row.ts";
import { GROUP_NAME, TAGGED } from "./reasons.ts";

const ARTICLE = "article, Security Group Rules";
const REPOSITORY = "modules/keycloak/main.tf";

const IN = "aws_vpc_security_group_ingress_rule security-groups";
const OUT = "aws_vpc_security_group_egress_rule security-groups";
const VPC = "${aws_vpc.vpc.id}";
const group = (name: string) => `\${aws_security_group.security-groups/${name}.id}`;

const ONLY_TASKS = "the load balancer talks to the tasks, and to nobody else";
const ONLY_HTTPS = "HTTPS to AWS and identity providers; service.egressPorts opens what else is needed";
const NO_CONNECTIONS = "an endpoint answers, and opens no connection itself";

/** Who may talk to whom. Their inline rules are resources of their own here. */
export const SECURITY_GROUPS: readonly Row[] = [
  ...section(`${ARTICLE}, aws_security_group.alb`, "aws_security_group security-groups/load-balancer", [
    changed("name_prefix", "keycloak-alb-", "keycloak-production-load-balancer", GROUP_NAME, "name"),
    sameAs("vpc_id", "module.vpc.vpc_id", VPC),
    sameAs("ingress.from_port", 443, [443], `${IN}/clients-*-https: from_port`),
    sameAs("ingress.to_port", 443, [443], `${IN}/clients-*-https: to_port`),
    sameAs("ingress.protocol", "tcp", ["tcp"], `${IN}/clients-*-https: ip_protocol`),
    same("ingress.cidr_blocks", ["0.0.0.0/0"], `${IN}/clients-*-https: cidr_ipv4`),
    changed("egress.from_port", 0, 8080, ONLY_TASKS, `${OUT}/load-balancer-to-tasks-out: from_port`),
    changed("egress.to_port", 0, 8080, ONLY_TASKS, `${OUT}/load-balancer-to-tasks-out: to_port`),
    changed("egress.protocol", "-1", "tcp", ONLY_TASKS, `${OUT}/load-balancer-to-tasks-out: ip_protocol`),
    dropped("egress.cidr_blocks", ["0.0.0.0/0"], ONLY_TASKS, `${OUT}/load-balancer-to-tasks-out: cidr_ipv4`),
  ]),
  ...section(`${ARTICLE}, aws_security_group.keycloak_ecs`, "aws_security_group security-groups/tasks", [
    changed("name_prefix", "keycloak-ecs-", "keycloak-production-tasks", GROUP_NAME, "name"),
    sameAs("vpc_id", "module.vpc.vpc_id", VPC),
    same("ingress 8080, from_port", 8080, `${IN}/load-balancer-to-tasks-in: from_port`),
    same("ingress 8080, to_port", 8080, `${IN}/load-balancer-to-tasks-in: to_port`),
    same("ingress 8080, protocol", "tcp", `${IN}/load-balancer-to-tasks-in: ip_protocol`),
    sameAs(
      "ingress 8080, security_groups",
      ["aws_security_group.alb.id"],
      group("load-balancer"),
      `${IN}/load-balancer-to-tasks-in: referenced_security_group_id`,
    ),
    same("ingress 7800, from_port", 7800, `${IN}/cluster-in: from_port`),
    same("ingress 7800, to_port", 7800, `${IN}/cluster-in: to_port`),
    same("ingress 7800, protocol", "tcp", `${IN}/cluster-in: ip_protocol`),
    sameAs("ingress 7800, self", true, group("tasks"), `${IN}/cluster-in: referenced_security_group_id`),
    changed("egress.from_port", 0, 443, ONLY_HTTPS, `${OUT}/tasks-to-443: from_port`),
    changed("egress.to_port", 0, 443, ONLY_HTTPS, `${OUT}/tasks-to-443: to_port`),
    changed("egress.protocol", "-1", "tcp", ONLY_HTTPS, `${OUT}/tasks-to-443: ip_protocol`),
    sameAs("egress.cidr_blocks", ["0.0.0.0/0"], "0.0.0.0/0", `${OUT}/tasks-to-443: cidr_ipv4`),
  ]),
  ...section(`${ARTICLE}, aws_security_group.aurora`, "aws_security_group security-groups/database", [
    changed("name_prefix", "keycloak-aurora-", "keycloak-production-database", GROUP_NAME, "name"),
    sameAs("vpc_id", "module.vpc.vpc_id", VPC),
    same("ingress.from_port", 5432, `${IN}/tasks-to-database-in: from_port`),
    same("ingress.to_port", 5432, `${IN}/tasks-to-database-in: to_port`),
    same("ingress.protocol", "tcp", `${IN}/tasks-to-database-in: ip_protocol`),
    sameAs(
      "ingress.security_groups",
      ["aws_security_group.keycloak_ecs.id"],
      group("tasks"),
      `${IN}/tasks-to-database-in: referenced_security_group_id`,
    ),
  ]),
  ...section(
    `${REPOSITORY}, aws_security_group.vpc_endpoints`,
    "aws_security_group security-groups/endpoints",
    [
      changed("name", "vpc-endpoints", "keycloak-internal-endpoints", GROUP_NAME),
      changed(
        "description",
        "Allow traffic for PrivateLink endpoints",
        "VPC endpoints: HTTPS from Keycloak tasks",
        "says who may connect, as the others do",
      ),
      sameAs("vpc_id", "var.vpc_id", VPC),
      changed(
        "ingress.description",
        "TLS from VPC",
        "HTTPS from tasks",
        "it is the tasks that the rule lets in, in theirs as well",
        `${IN}/tasks-to-endpoints: description`,
      ),
      same("ingress.from_port", 443, `${IN}/tasks-to-endpoints: from_port`),
      same("ingress.to_port", 443, `${IN}/tasks-to-endpoints: to_port`),
      same("ingress.protocol", "tcp", `${IN}/tasks-to-endpoints: ip_protocol`),
      sameAs(
        "ingress.security_groups",
        ["module.ecs.service_security_group_id"],
        group("tasks"),
        `${IN}/tasks-to-endpoints: referenced_security_group_id`,
      ),
      dropped("egress.from_port", 0, NO_CONNECTIONS, `${OUT}/endpoints-*`),
      dropped("egress.to_port", 0, NO_CONNECTIONS, `${OUT}/endpoints-*`),
      dropped("egress.protocol", "-1", NO_CONNECTIONS, `${OUT}/endpoints-*`),
      dropped("egress.cidr_blocks", ["0.0.0.0/0"], NO_CONNECTIONS, `${OUT}/endpoints-*`),
      changed("tags", "module.label.tags", { Name: "keycloak-internal-endpoints" }, TAGGED),
    ],
    "internal",
  ),
  ...section(
    `${REPOSITORY}, aws_security_group_rule.jdbc_ping`,
    `${IN}/cluster-in`,
    [
      sameAs("type", "ingress", 1, `${IN}/cluster-in: #`),
      same("from_port", 7800),
      same("to_port", 7800),
      same("protocol", "tcp", "ip_protocol"),
      changed(
        "cidr_blocks",
        "var.private_subnet_cidrs",
        group("tasks"),
        "the other tasks, as in the article, and not whatever else is in the subnets",
        "referenced_security_group_id",
      ),
      sameAs("security_group_id", "module.ecs.service_security_group_id", group("tasks")),
    ],
    "repository",
  ),
];
