import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import {
  databaseUrl,
  HEALTH_CHECK,
  PORTS,
  RECIPE_LABELS,
  RUN_TIME_OPTIONS,
  STOP_TIMEOUT,
  USER,
  WRITABLE_DIRECTORIES,
  type JdbcDriver,
} from "../../keycloak-image/settings.ts";
import { heapOptions } from "./heap.ts";
import { logConfiguration } from "./log-configuration.ts";

/** What one environment's container is made from. */
export interface ContainerProps {
  /** Image with its digest. */
  readonly image: string;
  /** MiB of the task. */
  readonly memory: number;
  readonly region: string;
  readonly logGroup: string;
  /** Where people reach Keycloak: `https://auth.example.com/auth`. */
  readonly url: string;
  readonly database: { readonly host: string; readonly port: number; readonly name: string; readonly user: string };
  /** What the image was built from, for whoever compares it with another; it must be so. */
  readonly built: { readonly version: string; readonly buildOptions: readonly string[] };
  /** The image must have been built for it. */
  readonly jdbcDriver: JdbcDriver;
  /** ARNs of SSM parameters; the agent puts the values into the container's environment. */
  readonly secretArns: { readonly adminPassword: string; readonly databasePassword: string };
  /** ECS Exec writes into the container: the root file system then can't be read-only. */
  readonly exec: boolean;
}

/** Name of the container, and of the administrator that Keycloak makes at its first start. */
export const CONTAINER_NAME = "keycloak";
export const BOOTSTRAP_ADMIN = "admin";

/** Volumes of a task, by name: the directories that the container may write to. */
export const VOLUMES = WRITABLE_DIRECTORIES;

/**
 * Keycloak's container. The AWS SDK's own type, so that a misspelt field does not compile; Terraform takes it as JSON.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#container_definitions
 */
export function keycloakContainer(props: ContainerProps): ContainerDefinition {
  return {
    name: CONTAINER_NAME,
    image: props.image,
    essential: true,
    command: ["start", "--optimized"],
    dockerLabels: {
      [RECIPE_LABELS.version]: props.built.version,
      [RECIPE_LABELS.buildOptions]: props.built.buildOptions.join(" "),
    },
    memory: props.memory,
    portMappings: Object.values(PORTS).map((port) => ({ containerPort: port, hostPort: port, protocol: "tcp" })),
    environment: Object.entries(containerVariables(props)).map(([name, value]) => ({ name, value })),
    secrets: [
      { name: "KC_BOOTSTRAP_ADMIN_PASSWORD", valueFrom: props.secretArns.adminPassword },
      { name: "KC_DB_PASSWORD", valueFrom: props.secretArns.databasePassword },
    ],
    healthCheck: { command: [...HEALTH_CHECK], interval: 30, timeout: 5, retries: 3, startPeriod: 300 },
    stopTimeout: STOP_TIMEOUT,
    user: USER,
    privileged: false,
    readonlyRootFilesystem: !props.exec,
    mountPoints: Object.entries(VOLUMES).map(([name, path]) => ({
      sourceVolume: name,
      containerPath: path,
      readOnly: false,
    })),
    linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
    ulimits: [{ name: "nofile", softLimit: 65_536, hardLimit: 65_536 }],
    logConfiguration: logConfiguration(props.logGroup, props.region, CONTAINER_NAME),
  };
}

/** What the variables of a container are made from. */
export type VariableProps = Pick<ContainerProps, "url" | "database" | "jdbcDriver" | "memory">;

/** Options for Keycloak's start, by environment variable, sorted; without secrets. */
export function containerVariables({ url, database, jdbcDriver, memory }: VariableProps): Record<string, string> {
  const variables: Record<string, string> = {
    ...RUN_TIME_OPTIONS,
    KC_HOSTNAME: url,
    KC_DB_URL: databaseUrl(database.host, database.port, database.name, jdbcDriver),
    KC_DB_USERNAME: database.user,
    KC_BOOTSTRAP_ADMIN_USERNAME: BOOTSTRAP_ADMIN,
    JAVA_OPTS_KC_HEAP: heapOptions(memory),
  };
  return Object.fromEntries(Object.entries(variables).sort(([one], [other]) => (one < other ? -1 : 1)));
}
