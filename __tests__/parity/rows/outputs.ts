import { changed, dropped, same, sameAs, section, type Row } from "../support/row.ts";

const FILE = "environments/template/outputs.tf";
const SETTING = "a setting of the environment's file, which whoever reads outputs has";

/** What the infrastructure puts out. */
export const OUTPUTS: readonly Row[] = section(
  FILE,
  "",
  [
    sameAs(
      "alb_dns_name",
      "module.keycloak.alb_dns_name",
      "${aws_lb.load-balancer.dns_name}",
      "output keycloak.load_balancer_dns_name: value",
    ),
    dropped(
      "alb_log_bucket",
      "module.keycloak.alb_log_bucket",
      "its name is known before: the environment's, -logs- and the account",
      "output *_log_bucket",
    ),
    sameAs(
      "ecr_repo",
      "module.keycloak.ecr_repo",
      "${aws_ecr_repository.images/repository.repository_url}",
      "output registry.repository_url: value",
    ),
    sameAs(
      "ecs_cluster",
      "module.keycloak.ecs_cluster",
      "${aws_ecs_cluster.service/cluster.name}",
      "output keycloak.cluster_name: value",
    ),
    sameAs(
      "ecs_service",
      "module.keycloak.ecs_service",
      "${aws_ecs_service.service.name}",
      "output keycloak.service_name: value",
    ),
    dropped("public_subnet_cidrs", "module.network.public_subnet_cidrs", SETTING, "output *.public_subnet_cidrs"),
    dropped("private_subnet_cidrs", "module.network.private_subnet_cidrs", SETTING, "output *.private_subnet_cidrs"),
    sameAs(
      "rds_cluster_endpoint",
      "module.keycloak.rds_cluster_endpoint",
      "${aws_rds_cluster.database/cluster.endpoint}",
      "output keycloak.database_endpoint: value",
    ),
    dropped(
      "rds_cluster_reader_endpoint",
      "module.keycloak.rds_cluster_reader_endpoint",
      "Keycloak reads where it writes; nothing uses the second address",
      "output *reader_endpoint",
    ),
    dropped(
      "rds_cluster_database_name",
      "module.keycloak.rds_cluster_database_name",
      "it is keycloak everywhere",
      "output *database_name",
    ),
    dropped(
      "rds_cluster_master_username",
      "module.keycloak.rds_cluster_master_username",
      "it is keycloak everywhere, and half of a credential",
      "output *master_username",
    ),
    dropped(
      "state_table",
      "module.terraform_state_backend.dynamodb_table_name",
      "there is no such table",
      "aws_dynamodb_table *",
    ),
    dropped(
      "state_bucket",
      "module.terraform_state_backend.s3_bucket_domain_name",
      "a setting of the environment's file, aws.state, and no part of the stack",
      "output *state_bucket",
    ),
    same("keycloak_url", "https://auth.example.com/auth", "output keycloak.url: value"),
    changed(
      "keycloak_admin_password_ssm_parameter",
      "/keycloak/repository/KEYCLOAK_PASSWORD",
      "/keycloak/repository/admin_password",
      "the article's parameter name",
      "output keycloak.admin_password_parameter: value",
    ),
  ],
  "repository",
);
