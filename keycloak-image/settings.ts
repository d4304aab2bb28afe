/**
 * What the image, the task definition and the load balancer agree on. One place, so that none of them can be wrong alone.
 * https://www.keycloak.org/server/all-config
 */

/** TCP ports of a node. */
export const PORTS = {
  /** Requests, from the load balancer. */
  http: 8080,
  /** Health and metrics, for the container's own check only. */
  management: 9000,
  /** Messages between the nodes of the cluster (JGroups over TCP, mutual TLS). */
  cluster: 7800,
  /** Failure detection between the nodes: JGroups' FD_SOCK2 takes the port above plus 50000. */
  clusterFailureDetection: 57_800,
} as const;

/** Path below which everything is served; fixed when the image is built. */
export const RELATIVE_PATH = "/auth";

/** User and group of the image's `keycloak` user. */
export const USER = "1000:0";

/** Directories that a node writes to; everything else can be read-only. */
export const WRITABLE_DIRECTORIES = { data: "/opt/keycloak/data", temporary: "/tmp" } as const;

/** Where the image keeps the certificate authorities of Amazon RDS. */
export const RDS_CA_BUNDLE = "/opt/keycloak/conf/rds-ca-bundle.pem";

/**
 * Address of the database for Keycloak: TLS is required, and the server's certificate checked.
 * https://jdbc.postgresql.org/documentation/ssl/
 */
export function databaseUrl(
  host: string,
  port: number,
  database: string,
  jdbcDriver: JdbcDriver = "postgresql",
): string {
  const { urlPrefix } = JDBC_DRIVERS[jdbcDriver];
  return `${urlPrefix}//${host}:${port}/${database}?sslmode=verify-full&sslrootcert=${RDS_CA_BUNDLE}`;
}

/** How Keycloak connects to PostgreSQL. */
export type JdbcDriver = keyof typeof JDBC_DRIVERS;

/**
 * PostgreSQL's own driver, which Keycloak brings; or AWS's wrapper around it, which asks Aurora who its writer is and
 * so knows of a failover before DNS does.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Connecting.html#Aurora.Connecting.JDBCDriverPostgreSQL
 */
export const JDBC_DRIVERS = {
  postgresql: { urlPrefix: "jdbc:postgresql:", className: undefined, library: undefined },
  "aws-wrapper": {
    urlPrefix: "jdbc:aws-wrapper:postgresql:",
    className: "software.amazon.jdbc.Driver",
    library: { groupId: "software.amazon.jdbc", artifactId: "aws-advanced-jdbc-wrapper", version: "4.3.0" },
  },
} as const;

/** What Keycloak is built for: PostgreSQL, or in a local run of one node a file of its own. */
export type BuiltDatabase = "postgres" | "dev-file";

/**
 * Options that Keycloak can only be built with, so that a start takes seconds; all others are set at the start.
 * The cluster's stack is not among them: `jdbc-ping`, Keycloak's default, finds the other nodes in the database.
 * https://www.keycloak.org/server/configuration#_creating_an_optimized_keycloak_build
 * @param features that are on beside the default ones, as `--features` takes them
 * @returns parameters of `kc.sh build`
 */
export function buildOptions({
  database,
  jdbcDriver = "postgresql",
  features,
}: {
  readonly database: BuiltDatabase;
  readonly jdbcDriver?: JdbcDriver;
  readonly features: readonly string[];
}): string[] {
  const { className } = JDBC_DRIVERS[jdbcDriver];
  return [
    `--db=${database}`,
    ...(className ? [`--db-driver=${className}`] : []),
    `--http-relative-path=${RELATIVE_PATH}`,
    "--health-enabled=true",
    "--metrics-enabled=true",
    ...(features.length > 0 ? [`--features=${features.toSorted().join(",")}`] : []),
  ];
}

/** Labels by which a task tells what it runs. */
export const RECIPE_LABELS = {
  version: "org.opencontainers.image.version",
  /** Parameters of `kc.sh build`. */
  buildOptions: "keycloak-mcp-aws.build-options",
} as const;

/** Options that a node takes at its start, by environment variable; those of the build are in the image. */
export const RUN_TIME_OPTIONS = {
  KC_HTTP_ENABLED: "true", // TLS ends at the load balancer
  KC_PROXY_HEADERS: "xforwarded",
  // Goes on serving while the load balancer takes the node out, then lets running requests end.
  KC_SHUTDOWN_DELAY: "10s",
  KC_SHUTDOWN_TIMEOUT: "10s",
  // A database that hangs gives errors after seconds instead of minutes.
  KC_TRANSACTION_DEFAULT_TIMEOUT: "10s",
  KC_LOG_LEVEL: "INFO",
} as const;

/** Seconds between SIGTERM and SIGKILL: more than the delay and the timeout above together. */
export const STOP_TIMEOUT = 40;

/** Path that answers 200 when a node can serve; the load balancer asks it on {@link PORTS.http}. */
export const READY_PATH = `${RELATIVE_PATH}/realms/master`;

/**
 * Whether a node is alive, asked inside the container, whose image has bash but no curl. It asks `live`, not `ready`:
 * a node must not be killed because the database is away.
 */
export const HEALTH_CHECK = [
  "CMD-SHELL",
  `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${PORTS.management} && printf "GET ${RELATIVE_PATH}/health/live HTTP/1.1\\r\\n` +
    `Host: localhost\\r\\nConnection: close\\r\\n\\r\\n" >&3 && timeout 3 head -n1 <&3 | grep -q " 200 "'`,
] as const;
