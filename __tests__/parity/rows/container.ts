import { changed, dropped, Including, same, sameAs, section, Text, type Row } from "../support/row.ts";

const FILE = "modules/keycloak/templates/container_definition.json";
const ADMIN_PASSWORD = new Text(":parameter/keycloak/repository/admin_password");
const DB_PASSWORD = new Text(":parameter/keycloak/repository/db_password");

const BUILT_IN = "an option of Keycloak's build, and set there (keycloak-image/settings.ts)";
const UNREAD = "nothing in the image reads it";
const LABELS = "the Datadog agent alone reads them, and it is not deployed; tags of the provider say the same";
const HEAP = "70 % of the task's memory, but leaving room for the rest; made from service.memory";
const JVM = "JAVA_OPTS replaces all that kc.sh sets; the heap alone is ours, the rest is left to Keycloak";
const BOOTSTRAP = "superseded in Keycloak 26 by KC_BOOTSTRAP_ADMIN_*";
const PARAMETER = "the article's parameter name";

/** The container that the repository deploys. */
export const CONTAINER: readonly Row[] = section(
  FILE,
  "container keycloak",
  [
    same("logConfiguration.logDriver", "awslogs"),
    sameAs(
      "logConfiguration.options.awslogs-group",
      "aws_cloudwatch_log_group.app.name",
      "${aws_cloudwatch_log_group.log-group.name}",
    ),
    same("logConfiguration.options.awslogs-region", "us-east-1"),
    changed(
      "logConfiguration.options.awslogs-stream-prefix",
      "repository",
      "keycloak",
      "the log group is the environment's already, so the stream says which container",
    ),
    sameAs("portMappings 8080, containerPort", 8080, new Including(8080), "portMappings.containerPort"),
    sameAs("portMappings 7800, containerPort", 7800, new Including(7800), "portMappings.containerPort"),
    changed(
      "portMappings 9990, containerPort",
      9990,
      new Including(9000),
      "9990 was the management port of WildFly; Keycloak's is 9000",
      "portMappings.containerPort",
    ),
    sameAs("portMappings, protocol", "tcp", ["tcp", "tcp", "tcp", "tcp"], "portMappings.protocol"),
    dropped("cpu", 1024, "it is the only container, and has all of the task's CPU"),
    dropped("environment.KC_DB", "postgres", BUILT_IN),
    changed(
      "environment.KC_DB_URL",
      "jdbc:postgresql://<cluster>:5432/keycloak",
      "jdbc:postgresql://${aws_rds_cluster.database/cluster.endpoint}:5432/keycloak?sslmode=verify-full&sslrootcert=/opt/keycloak/conf/rds-ca-bundle.pem",
      "TLS, with the server's certificate checked; the database takes nothing else",
    ),
    dropped("environment.KC_DB_ADDR", "<cluster>", UNREAD),
    same("environment.KC_DB_USERNAME", "keycloak"),
    dropped("environment.DNS_NAME", "var.dns_name", UNREAD),
    dropped("environment.ENVIRONMENT_NAME", "repository", UNREAD),
    changed("environment.JAVA_OPTS -Xms", "512m", new Text("-Xms716m"), HEAP, "environment.JAVA_OPTS_KC_HEAP"),
    changed("environment.JAVA_OPTS -Xmx", "1024m", new Text("-Xmx1433m"), HEAP, "environment.JAVA_OPTS_KC_HEAP"),
    ...[
      ["-XX:MetaspaceSize", "128m"],
      ["-XX:MaxMetaspaceSize", "512m"],
      ["-XX:+DisableExplicitGC", true],
      ["-Djava.net.preferIPv4Stack", true],
      ["-Djava.net.preferIPv4Addresses", true],
    ].map(([option, value]) => dropped(`environment.JAVA_OPTS ${String(option)}`, value, JVM, "environment.JAVA_OPTS")),
    ...[
      ["-XX:+UseG1GC", true],
      ["-Djava.security.egd", "file:/dev/urandom"],
    ].map(([option, value]) =>
      dropped(
        `environment.JAVA_OPTS ${String(option)}`,
        value,
        "kc.sh sets it by itself where JAVA_OPTS is not set",
        "environment.JAVA_OPTS",
      ),
    ),
    dropped(
      "environment.JAVA_OPTS -Dnashorn.args",
      "--no-deprecation-warning",
      "Java has had no Nashorn since 15, and Keycloak runs on 17 or newer",
      "environment.JAVA_OPTS",
    ),
    changed(
      "environment.KEYCLOAK_ADMIN",
      "keycloak_admin",
      "admin",
      `${BOOTSTRAP}; the article's name`,
      "environment.KC_BOOTSTRAP_ADMIN_USERNAME",
    ),
    changed(
      "environment.KC_LOG_LEVEL",
      "INFO,org.infinispan:ERROR,org.jgroups:ERROR",
      "INFO",
      "Infinispan tells of a split cluster below ERROR, and an alarm counts that",
    ),
    same("environment.KC_HTTP_ENABLED", "true"),
    same("environment.KC_PROXY_HEADERS", "xforwarded"),
    dropped(
      "environment.KC_HOSTNAME_STRICT",
      "false",
      "KC_HOSTNAME is set: the issuer is never made from what a request says",
    ),
    changed(
      "environment.KC_HOSTNAME_PATH",
      "/auth",
      "https://auth.example.com/auth",
      "Keycloak 26 has no such option; the path is a part of the host name's URL",
      "environment.KC_HOSTNAME",
    ),
    dropped("environment.KC_HTTP_RELATIVE_PATH", "/auth", BUILT_IN),
    dropped("environment.KC_HEALTH_ENABLED", "true", BUILT_IN),
    dropped("environment.KC_METRICS_ENABLED", "true", BUILT_IN),
    dropped("environment.ROOT_LOGLEVEL", "INFO", `${UNREAD}: it is of Keycloak on WildFly`),
    changed("secrets.KC_DB_PASSWORD", "…:parameter/keycloak/repository/DB_PASSWORD", DB_PASSWORD, PARAMETER),
    changed(
      "secrets.KEYCLOAK_ADMIN_PASSWORD",
      "…:parameter/keycloak/repository/KEYCLOAK_PASSWORD",
      ADMIN_PASSWORD,
      `${BOOTSTRAP}; ${PARAMETER}`,
      "secrets.KC_BOOTSTRAP_ADMIN_PASSWORD",
    ),
    same("memory", 2048),
    dropped("memoryReservation", 1024, "it is the only container, and has all of the task's memory"),
    changed("stopTimeout", 20, 40, "more than Keycloak's shutdown delay and timeout, so that no request is cut off"),
    changed(
      "image",
      "module.ecr.repository_url:latest",
      "${data.aws_ecr_image.keycloak-image.image_uri}",
      "by digest: the plan shows which image it will be, and every task runs the same (decision 7)",
    ),
    dropped("startTimeout", 30, "it is for a container that waits for another one, and there is none"),
    changed(
      "healthCheck",
      null,
      ["CMD-SHELL", new Text("/auth/health/live")],
      "the article has one: ECS then replaces a task that hangs",
      "healthCheck.command",
    ),
    same("essential", true),
    changed("readonlyRootFilesystem", false, true, "Keycloak writes to two directories, which are volumes"),
    dropped("dockerLabels.environment", "repository", LABELS),
    dropped("dockerLabels.service", "keycloak", LABELS),
    same("privileged", false),
    same("name", "keycloak"),
  ],
  "repository",
);
