import { byDefault, changed, dropped, on, same, sameAs, section, type Row } from "../support/row.ts";
import { ONE_NAME, OUTSIDE_TERRAFORM, OWN_RESOURCES, TAGGED } from "./reasons.ts";

const IN = "aws_vpc_security_group_ingress_rule security-groups/tasks-to-database-in";
const INSTANCES = "aws_rds_cluster_instance database/instance-*";
const PRIVATE = ["${aws_subnet.vpc/private-1.id}", "${aws_subnet.vpc/private-2.id}"];
const SERVERLESS = ["db.serverless", "db.serverless"];
const TASKS = "${aws_security_group.security-groups/tasks.id}";
const OWN_GROUP = "aws_security_group security-groups/database";

/** Aurora PostgreSQL. */
export const DATABASE: readonly Row[] = [
  ...section(
    "modules/keycloak/main.tf, module.rds_cluster",
    "aws_rds_cluster",
    [
      dropped("source", "cloudposse/terraform-aws-rds-cluster 1.9.0", OWN_RESOURCES, "module *"),
      changed(
        "admin_password",
        "random_password.db_password.result",
        "${ephemeral.aws_ssm_parameter.database_password.value}",
        OUTSIDE_TERRAFORM,
        "master_password_wo",
      ),
      same("admin_user", "keycloak", "master_username"),
      byDefault("allowed_cidr_blocks", [], `${IN}: cidr_ipv4`),
      changed("attributes", ["rds"], "keycloak-repository", ONE_NAME, "cluster_identifier"),
      same("backup_window", "00:00-02:00", "preferred_backup_window"),
      same("cluster_family", "aurora-postgresql16", "aws_rds_cluster_parameter_group: family"),
      same("cluster_size", 2, `${INSTANCES}: #`),
      same("copy_tags_to_snapshot", true),
      same("db_name", "keycloak", "database_name"),
      byDefault("db_port", 5432, "port"),
      same("deletion_protection", false),
      same("engine", "aurora-postgresql"),
      same("engine_version", "16.8"),
      sameAs("instance_type", "db.serverless", SERVERLESS, `${INSTANCES}: instance_class`),
      on(
        "existing VPC",
        sameAs(
          "instance_type, db_use_serverless_v2 off",
          "db.r6g.large",
          ["db.r6g.large", "db.r6g.large"],
          `${INSTANCES}: instance_class`,
        ),
      ),
      same("maintenance_window", "sat:03:00-sat:04:00", "preferred_maintenance_window"),
      changed("name", "module.label.id", "keycloak-repository", ONE_NAME, "cluster_identifier"),
      same("retention_period", 5, "backup_retention_period"),
      sameAs("security_groups", ["module.ecs.service_security_group_id"], TASKS, `${IN}: referenced_security_group_id`),
      dropped(
        "source_region",
        "the first Availability Zone",
        "it is of a cluster that replicates an encrypted one of another Region, and theirs is given a zone",
      ),
      same("storage_encrypted", true),
      sameAs("subnets", "var.private_subnet_ids", PRIVATE, "aws_db_subnet_group: subnet_ids"),
      dropped("tags", "module.label.tags", TAGGED),
      sameAs("vpc_id", "var.vpc_id", "${aws_vpc.vpc.id}", `${OWN_GROUP}: vpc_id`),
      same("serverlessv2_scaling_configuration.min_capacity", 0.5),
      same("serverlessv2_scaling_configuration.max_capacity", 2),
      on(
        "existing VPC",
        byDefault(
          "serverlessv2_scaling_configuration, db_use_serverless_v2 off",
          null,
          "serverlessv2_scaling_configuration",
        ),
      ),
    ],
    "repository",
  ),
  ...section("article, Aurora Serverless v2 Configuration: module.aurora_postgresql", "aws_rds_cluster", [
    dropped("source", "terraform-aws-modules/rds-aurora/aws", OWN_RESOURCES, "module *"),
    dropped("version", "~> 8.0", OWN_RESOURCES, "module *"),
    changed("name", "keycloak-db", "keycloak-production", ONE_NAME, "cluster_identifier"),
    same("engine", "aurora-postgresql"),
    same("engine_version", "16.8"),
    sameAs("instance_class", "db.serverless", SERVERLESS, `${INSTANCES}: instance_class`),
    sameAs("instances", ["one", "two"], 2, `${INSTANCES}: #`),
    same("serverlessv2_scaling_configuration.min_capacity", 0.5),
    same("serverlessv2_scaling_configuration.max_capacity", 2),
    sameAs("vpc_id", "module.vpc.vpc_id", "${aws_vpc.vpc.id}", `${OWN_GROUP}: vpc_id`),
    sameAs(
      "db_subnet_group_name",
      "aws_db_subnet_group.aurora.name",
      "${aws_db_subnet_group.database/subnet-group.name}",
    ),
    sameAs(
      "security_group_rules.keycloak_ingress.source_security_group_id",
      "aws_security_group.keycloak_ecs.id",
      TASKS,
      `${IN}: referenced_security_group_id`,
    ),
    same("storage_encrypted", true),
    same("apply_immediately", true),
    same("backup_retention_period", 7),
    same("preferred_backup_window", "03:00-04:00"),
    same("database_name", "keycloak"),
    same("master_username", "keycloak"),
  ]),
  ...section("article, Step 1: terraform.tfvars", "aws_rds_cluster", [
    sameAs("db_instance_class", "db.serverless", SERVERLESS, `${INSTANCES}: instance_class`),
    dropped(
      "db_allocated_storage",
      20,
      "Aurora's storage grows by itself; AWS takes no size for it",
      "allocated_storage",
    ),
    same("db_engine_version", "16.8", "engine_version"),
    same("aurora_serverless_min_capacity", 0.5, "serverlessv2_scaling_configuration.min_capacity"),
    same("aurora_serverless_max_capacity", 2, "serverlessv2_scaling_configuration.max_capacity"),
  ]),
  ...section("article, Security Best Practices: RDS", "aws_rds_cluster", [
    sameAs("encryption at rest, by KMS", "KMS", "${aws_kms_key.encryption-key.arn}", "kms_key_id"),
    sameAs("in private subnets", "private", PRIVATE, "aws_db_subnet_group: subnet_ids"),
    sameAs("not reachable from outside", "private", [false, false], `${INSTANCES}: publicly_accessible`),
  ]),
];
