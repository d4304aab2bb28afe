import type { ContainerDefinition, KeyValuePair } from "@aws-sdk/client-ecs";
import {
  databaseUrl,
  RDS_CA_BUNDLE,
  USER,
  WRITABLE_DIRECTORIES,
  type JdbcDriver,
} from "../../keycloak-image/settings.ts";
import { heapOptions } from "../ecs/heap.ts";
import { logConfiguration } from "../ecs/log-configuration.ts";

/** What a task does. */
interface TaskKind {
  /** Whether it writes an object into the bucket, or reads one and overwrites what there is. */
  readonly direction: "save" | "load";
  /** What it is about, and the folder of its objects. */
  readonly folder: "database" | "realm";
  /** How its objects end. */
  readonly extension: "dump" | "json";
}

/** Every task, by the name of the command that runs it. */
export const BACKUP_TASKS = {
  "db-dump": { direction: "save", folder: "database", extension: "dump" },
  "db-restore": { direction: "load", folder: "database", extension: "dump" },
  "realm-export": { direction: "save", folder: "realm", extension: "json" },
  "realm-import": { direction: "load", folder: "realm", extension: "json" },
} as const satisfies Readonly<Record<string, TaskKind>>;

/** Name of a task. */
export type BackupTask = keyof typeof BACKUP_TASKS;

/** The containers of a task, each after the one before. */
export const PREPARE = "prepare";
export const WORK = "work";
export const TRANSFER = "transfer";

/** Variables of {@link TRANSFER}: the bucket, which the definition knows, and the object's key, which each run gives. */
export const BUCKET_VARIABLE = "BACKUP_BUCKET";
export const KEY_VARIABLE = "BACKUP_KEY";

/**
 * Where the containers hand files to each other. It is the directory that Keycloak's image declares as a volume: Fargate
 * gives a volume the owner that an image declares for its path, and else to root, who is nobody here. So every
 * container has it at this path, and the first of every task is of that image.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
 */
export const EXCHANGE = WRITABLE_DIRECTORIES.data;

const CA_BUNDLE = `${EXCHANGE}/rds-ca-bundle.pem`;

/** The one file that goes into the bucket, or comes from it. */
export function fileOf(task: BackupTask): string {
  const { folder, extension } = BACKUP_TASKS[task];
  return `${EXCHANGE}/${folder}.${extension}`;
}

/** A program and its parameters. */
export interface Program {
  /** Undefined: the image's own. */
  readonly entryPoint?: readonly string[];
  readonly command: readonly string[];
}

/**
 * Takes out every table before a restore, also those that the dump does not know: a later release of Keycloak may have
 * made some, which refer to the older ones and would stand in the way of its next migration. What belongs to an
 * extension stays. A lock that somebody holds ends the restore instead of making it wait.
 */
const EMPTY_THE_SCHEMA = `DO $do$
DECLARE one record;
BEGIN
  SET LOCAL lock_timeout = '10s';
  FOR one IN
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  LOOP
    EXECUTE format('DROP TABLE public.%I CASCADE', one.relname);
  END LOOP;
END $do$`;

/**
 * What the container {@link WORK} runs. None of it holds a secret: passwords come by environment variables, and so does
 * where the database is.
 * https://www.postgresql.org/docs/16/app-pgdump.html
 * https://www.keycloak.org/server/importExport
 */
export function workProgram(task: BackupTask, realm: string): Program {
  const file = fileOf(task);
  switch (task) {
    case "db-dump":
      return {
        entryPoint: ["pg_dump"],
        // Who is in the cluster now is nobody's data: a node that starts on the restored database would look for them.
        command: ["--format=custom", "--lock-wait-timeout=60s", "--exclude-table-data=jgroups_ping", `--file=${file}`],
      };
    case "db-restore":
      return {
        entryPoint: ["/bin/sh", "-c"],
        command: [
          [
            "set -eu",
            // The whole dump is read, and found whole, before anything is touched; then all happens, or nothing.
            `pg_restore --clean --if-exists --no-owner --no-privileges --file=${EXCHANGE}/restore.sql ${file}`,
            `exec psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --single-transaction --command='${EMPTY_THE_SCHEMA.replaceAll("'", `'"'"'`)}' --file=${EXCHANGE}/restore.sql`,
          ].join("\n"),
        ],
      };
    case "realm-export":
      return { command: ["export", "--optimized", "--realm", realm, "--users", "same_file", "--file", file] };
    case "realm-import":
      return { command: ["import", "--optimized", "--override", "true", "--file", file] };
  }
}

/** What the containers of an environment's tasks are made from. */
export interface BackupContainerProps {
  /** Keycloak's image with its digest. */
  readonly image: string;
  /** Image with `pg_dump` and `psql` of the database's major release: what a newer one writes, an older server refuses. */
  readonly postgresImage: string;
  readonly awsCliImage: string;
  /** Name of the realm that is exported. */
  readonly realm: string;
  /** MiB of a task. */
  readonly memory: number;
  readonly region: string;
  readonly bucket: string;
  readonly logGroup: string;
  readonly database: { readonly host: string; readonly port: number; readonly name: string; readonly user: string };
  readonly jdbcDriver: JdbcDriver;
  /** ARN of the SSM parameter; the agent puts its value into the container's environment. */
  readonly databasePasswordArn: string;
}

/**
 * The containers of a task, in the order in which they run: one begins when the one before has ended well, and the last
 * one's end ends the task.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#container_definition_dependson
 */
export function backupContainers(task: BackupTask, props: BackupContainerProps): ContainerDefinition[] {
  const { direction, folder } = BACKUP_TASKS[task];
  const prepare: ContainerDefinition = {
    name: PREPARE,
    image: props.image,
    entryPoint: ["/bin/sh", "-c"],
    command: [`cat ${RDS_CA_BUNDLE} > ${CA_BUNDLE}`],
  };
  const work: ContainerDefinition = {
    name: WORK,
    ...(folder === "database" ? postgres(task, props) : keycloak(props)),
    ...workProgram(task, props.realm),
  } as ContainerDefinition;
  const transfer: ContainerDefinition = {
    name: TRANSFER,
    image: props.awsCliImage,
    entryPoint: ["/bin/sh", "-c"],
    command: [transferScript(task)],
    environment: variables({ [BUCKET_VARIABLE]: props.bucket, AWS_REGION: props.region, HOME: "/tmp" }),
  };
  const inOrder = direction === "save" ? [prepare, work, transfer] : [prepare, transfer, work];
  return inOrder.map((container, index) => ({
    ...container,
    essential: index === inOrder.length - 1,
    dependsOn: index > 0 ? [{ containerName: inOrder[index - 1]!.name, condition: "SUCCESS" }] : [],
    user: USER,
    privileged: false,
    readonlyRootFilesystem: true,
    mountPoints: Object.entries(WRITABLE_DIRECTORIES).map(([name, path]) => ({
      sourceVolume: name,
      containerPath: path,
      readOnly: false,
    })),
    linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
    logConfiguration: logConfiguration(props.logGroup, props.region, task),
  }));
}

/** Fails where no key is given, as when somebody starts the task by hand without one. */
function transferScript(task: BackupTask): string {
  const object = `"s3://$${BUCKET_VARIABLE}/$${KEY_VARIABLE}"`;
  const [from, to] = BACKUP_TASKS[task].direction === "save" ? [fileOf(task), object] : [object, fileOf(task)];
  return `set -eu\nexec aws s3 cp --no-progress ${from} ${to}`;
}

/** https://www.postgresql.org/docs/16/libpq-envars.html */
function postgres(task: BackupTask, { postgresImage, database, databasePasswordArn }: BackupContainerProps) {
  return {
    image: postgresImage,
    environment: variables({
      PGHOST: database.host,
      PGPORT: String(database.port),
      PGDATABASE: database.name,
      PGUSER: database.user,
      PGAPPNAME: task,
      PGCONNECT_TIMEOUT: "30", // seconds
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: CA_BUNDLE,
    }),
    secrets: [{ name: "PGPASSWORD", valueFrom: databasePasswordArn }],
  };
}

/** https://www.keycloak.org/server/all-config */
function keycloak({ image, database, jdbcDriver, memory, databasePasswordArn }: BackupContainerProps) {
  return {
    image,
    environment: variables({
      KC_DB_URL: databaseUrl(database.host, database.port, database.name, jdbcDriver),
      KC_DB_USERNAME: database.user,
      KC_TRANSACTION_DEFAULT_TIMEOUT: "3600s", // a realm is one transaction
      JAVA_OPTS_KC_HEAP: heapOptions(memory),
    }),
    secrets: [{ name: "KC_DB_PASSWORD", valueFrom: databasePasswordArn }],
  };
}

function variables(values: Readonly<Record<string, string>>): KeyValuePair[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}
