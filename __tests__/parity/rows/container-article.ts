import { changed, dropped, Including, same, sameAs, section, Text, type Row } from "../support/row.ts";

const SECRETS = "article, Secrets Management";

/** The container as the article prints it, and the Datadog variant, which the repository has but does not deploy. */
export const CONTAINER_OF_ARTICLE: readonly Row[] = [
  ...section("article, ECS Task Definition: containerDefinitions", "container keycloak", [
    same("name", "keycloak"),
    changed(
      "image",
      "${ecr_repository_url}:${image_tag}",
      "${data.aws_ecr_image.keycloak-image.image_uri}",
      "the tag is looked up in the plan, and its digest is what runs (decision 7)",
    ),
    sameAs("portMappings 8080, containerPort", 8080, new Including(8080), "portMappings.containerPort"),
    sameAs("portMappings 7800, containerPort", 7800, new Including(7800), "portMappings.containerPort"),
    sameAs("portMappings, protocol", "tcp", ["tcp", "tcp", "tcp", "tcp"], "portMappings.protocol"),
    dropped(
      "environment.KC_DB",
      "postgres",
      "an option of Keycloak's build, and set there (keycloak-image/settings.ts)",
    ),
    sameAs("environment.KC_DB_URL", "jdbc:postgresql://...", new Text("jdbc:postgresql://${aws_rds_cluster.")),
    same("environment.KC_PROXY_HEADERS", "xforwarded"),
    dropped(
      "environment.KC_CACHE_CONFIG_FILE",
      "cache-ispn-jdbc-ping.xml",
      "jdbc-ping is Keycloak's default stack; with the article's file it does not start",
    ),
    sameAs(
      "secrets.KC_DB_PASSWORD",
      "arn:aws:ssm:...",
      new Text("arn:aws:ssm:us-east-1:${data.aws_caller_identity.account.account_id}:parameter/"),
    ),
    changed(
      "secrets.KEYCLOAK_ADMIN_PASSWORD",
      "arn:aws:ssm:...",
      new Text("arn:aws:ssm:us-east-1:${data.aws_caller_identity.account.account_id}:parameter/"),
      "superseded in Keycloak 26 by KC_BOOTSTRAP_ADMIN_PASSWORD",
      "secrets.KC_BOOTSTRAP_ADMIN_PASSWORD",
    ),
    changed(
      "healthCheck.command",
      ["CMD-SHELL", "curl -f http://localhost:8080/auth/health || exit 1"],
      ["CMD-SHELL", new Text("/dev/tcp/127.0.0.1/9000")],
      "health is on port 9000 since Keycloak 25, and the image has no curl",
    ),
    same("healthCheck.interval", 30),
    same("healthCheck.timeout", 5),
    same("healthCheck.retries", 3),
  ]),
  ...section(SECRETS, "container keycloak", [
    sameAs(
      "/keycloak/production/admin_password",
      "/keycloak/production/admin_password",
      new Text(":parameter/keycloak/production/admin_password"),
      "secrets.KC_BOOTSTRAP_ADMIN_PASSWORD",
    ),
    sameAs(
      "/keycloak/production/db_password",
      "/keycloak/production/db_password",
      new Text(":parameter/keycloak/production/db_password"),
      "secrets.KC_DB_PASSWORD",
    ),
    sameAs(
      "right to read them",
      "IAM role",
      [
        ["*"],
        [new Text(":repository/")],
        [new Text("log-group")],
        [new Text("/admin_password"), new Text("/db_password")],
      ],
      "data.aws_iam_policy_document service/roles/start-task: statement.resources",
    ),
    same("Step 4: Username", "admin", "environment.KC_BOOTSTRAP_ADMIN_USERNAME"),
  ]),
  ...section("modules/keycloak/templates/container_definition_datadog.json", "", [
    dropped(
      "name",
      "keycloak-datadog",
      "no Terraform of theirs renders the file: it is an example to copy",
      "container *-datadog",
    ),
  ]),
];
