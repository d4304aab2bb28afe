import { execFile } from "node:child_process";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { BACKUP_TASKS, backupContainers, EXCHANGE, WORK, type BackupTask } from "../../../constructs/backup/tasks.ts";
import type { DatabaseAccess } from "../../../scripts/lib/cluster/postgres-database.ts";
import type { Java } from "../../../scripts/lib/local/java.ts";
import { keycloakVariables } from "../../../scripts/lib/local/keycloak-build.ts";

/** Directory with PostgreSQL 16's `pg_dump`, `pg_restore` and `psql`; `.ci/run` installs them. */
export const pgTools = process.env.PG_TOOLS;

/** What stands in for a task on Fargate. */
export interface WorkPlace {
  /** A built Keycloak: what is `/opt/keycloak` in the image. */
  readonly home: string;
  readonly java: Java;
  /** Stands for {@link EXCHANGE}. */
  readonly exchange: string;
  readonly realm: string;
}

/**
 * Runs what the container `work` of a task runs: the table's very program, under the container's variables, on a database
 * of this machine. Only paths differ, and TLS, which nobody else can listen to here.
 * @returns what it said
 */
export async function runWork(task: BackupTask, database: DatabaseAccess, place: WorkPlace): Promise<string> {
  const containers = backupContainers(task, {
    image: "keycloak",
    postgresImage: "postgres",
    awsCliImage: "aws-cli",
    realm: place.realm,
    memory: 1024,
    region: "us-east-1",
    bucket: "bucket",
    logGroup: "log",
    database,
    jdbcDriver: "postgresql",
    databasePasswordArn: "arn",
  });
  const { entryPoint, command, environment, secrets } = containers.find(({ name }) => name === WORK)!;
  const variables = {
    ...Object.fromEntries(environment!.map(({ name, value }) => [name!, value!])),
    ...Object.fromEntries(secrets!.map(({ name }) => [name!, database.password])),
  };
  const here = (text: string) => text.replaceAll(EXCHANGE, place.exchange);
  const [program, ...parameters] = [...(entryPoint ?? [join(place.home, "bin", "kc.sh")]), ...command!].map(here);
  const env =
    BACKUP_TASKS[task].folder === "database"
      ? { ...variables, PGSSLMODE: "disable", PATH: `${pgTools}${delimiter}${process.env.PATH}` }
      : keycloakVariables(place.java, {
          ...variables,
          KC_DB_URL: variables.KC_DB_URL!.replace(/\?.*/, "?sslmode=disable"),
        });
  const { stdout, stderr } = await promisify(execFile)(program!, parameters, { env, maxBuffer: 16 << 20 });
  return stdout + stderr;
}

/** Runs SQL, and gives back its rows, one a line. */
export async function sql({ host, port, name, user, password }: DatabaseAccess, statement: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    join(pgTools!, "psql"),
    ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--command", statement],
    { env: { PGHOST: host, PGPORT: String(port), PGDATABASE: name, PGUSER: user, PGPASSWORD: password } },
  );
  return stdout.trim();
}
