import { describe, expect, test } from "@jest/globals";
import {
  BACKUP_TASKS,
  backupContainers,
  EXCHANGE,
  fileOf,
  workProgram,
  type BackupContainerProps,
  type BackupTask,
} from "../../../constructs/backup/tasks.ts";

const ALL = Object.keys(BACKUP_TASKS) as BackupTask[];
const PASSWORD = "arn:aws:ssm:eu-central-1:111122223333:parameter/keycloak/test/db_password";

const containers = (task: BackupTask, changes: Partial<BackupContainerProps> = {}) =>
  backupContainers(task, {
    image: "111122223333.dkr.ecr.eu-central-1.amazonaws.com/keycloak-test@sha256:0",
    postgresImage: "postgres:16",
    awsCliImage: "aws-cli:2",
    realm: "mcp",
    memory: 2048,
    region: "eu-central-1",
    bucket: "backups",
    logGroup: "/ecs/keycloak/test",
    database: { host: "database.example.com", port: 5432, name: "keycloak", user: "keycloak" },
    jdbcDriver: "postgresql",
    databasePasswordArn: PASSWORD,
    ...changes,
  });
const one = (task: BackupTask, name: string) => containers(task).find((container) => container.name === name)!;
const variables = (task: BackupTask, name: string): Record<string, string> =>
  Object.fromEntries((one(task, name).environment ?? []).map((variable) => [variable.name!, variable.value!]));

describe("the containers of a task", () => {
  test.each([
    ["db-dump", ["prepare", "work", "transfer"], ["keycloak", "postgres", "aws-cli"]],
    ["db-restore", ["prepare", "transfer", "work"], ["keycloak", "aws-cli", "postgres"]],
    ["realm-export", ["prepare", "work", "transfer"], ["keycloak", "keycloak", "aws-cli"]],
    ["realm-import", ["prepare", "transfer", "work"], ["keycloak", "aws-cli", "keycloak"]],
  ] as const)("of %s run one after the other, each only where the one before ended well", (task, names, images) => {
    const all = containers(task);
    expect(all.map(({ name }) => name)).toEqual(names);
    expect(all.map(({ image }) => /(keycloak|postgres|aws-cli)/.exec(image!)![0])).toEqual(images);
    expect(all.map(({ dependsOn }) => dependsOn)).toEqual([
      [],
      [{ containerName: names[0], condition: "SUCCESS" }],
      [{ containerName: names[1], condition: "SUCCESS" }],
    ]);
    // ECS refuses a dependency on the success of an essential container: it would end the task.
    expect(all.map(({ essential }) => essential)).toEqual([false, false, true]);
  });

  // Fargate gives a volume the owner that an image declares for the path; nobody else could write into root's.
  test.each(ALL)("of %s begin with Keycloak's image, whose user owns the volumes, and all are that user", (task) => {
    expect(containers(task)[0]!.image).toContain("keycloak-test");
    for (const { user, mountPoints } of containers(task)) {
      expect(user).toBe("1000:0");
      expect(mountPoints).toEqual([
        { sourceVolume: "data", containerPath: "/opt/keycloak/data", readOnly: false },
        { sourceVolume: "temporary", containerPath: "/tmp", readOnly: false },
      ]);
    }
  });

  test.each(ALL)("of %s may do nothing else: read-only roots, no capabilities, no ports", (task) => {
    for (const container of containers(task)) {
      expect(container).toMatchObject({
        readonlyRootFilesystem: true,
        privileged: false,
        linuxParameters: { capabilities: { drop: ["ALL"] } },
      });
      expect(container.portMappings).toBeUndefined();
      expect(container.logConfiguration!.options).toMatchObject({
        "awslogs-group": "/ecs/keycloak/test",
        "awslogs-stream-prefix": task,
      });
    }
  });

  test.each(ALL)(
    "[secrets.nowhere] of %s get the database's password as a secret, and only where it is needed",
    (task) => {
      const secrets = containers(task).map(({ name, secrets: all }) => [name, all?.map(({ valueFrom }) => valueFrom)]);
      expect(Object.fromEntries(secrets)).toEqual({ prepare: undefined, transfer: undefined, work: [PASSWORD] });
      expect(JSON.stringify(containers(task).map(({ command, environment }) => [command, environment]))).not.toMatch(
        /password/i,
      );
    },
  );

  test.each(ALL)("of %s check the database's certificate", (task) => {
    const { PGSSLMODE, PGSSLROOTCERT, KC_DB_URL } = variables(task, "work");
    if (task.startsWith("db")) {
      expect({ PGSSLMODE, PGSSLROOTCERT }).toEqual({
        PGSSLMODE: "verify-full",
        PGSSLROOTCERT: `${EXCHANGE}/rds-ca-bundle.pem`,
      });
      expect(one(task, "prepare").command).toEqual([
        `cat /opt/keycloak/conf/rds-ca-bundle.pem > ${EXCHANGE}/rds-ca-bundle.pem`,
      ]);
    } else
      expect(KC_DB_URL).toBe(
        "jdbc:postgresql://database.example.com:5432/keycloak?sslmode=verify-full&sslrootcert=/opt/keycloak/conf/rds-ca-bundle.pem",
      );
  });

  test("of the realm's tasks connect by the driver that the image was built for", () => {
    const [, work] = containers("realm-export", { jdbcDriver: "aws-wrapper" });
    expect(work!.environment!.find(({ name }) => name === "KC_DB_URL")!.value).toMatch(/^jdbc:aws-wrapper:/);
  });
});

describe("the transfer", () => {
  test.each([
    ["db-dump", `${EXCHANGE}/database.dump "s3://$BACKUP_BUCKET/$BACKUP_KEY"`],
    ["db-restore", `"s3://$BACKUP_BUCKET/$BACKUP_KEY" ${EXCHANGE}/database.dump`],
    ["realm-export", `${EXCHANGE}/realm.json "s3://$BACKUP_BUCKET/$BACKUP_KEY"`],
    ["realm-import", `"s3://$BACKUP_BUCKET/$BACKUP_KEY" ${EXCHANGE}/realm.json`],
  ] as const)("of %s copies one file the right way, and fails without a key", (task, fromTo) => {
    expect(one(task, "transfer").command).toEqual([`set -eu\nexec aws s3 cp --no-progress ${fromTo}`]);
    expect(variables(task, "transfer")).toEqual({
      BACKUP_BUCKET: "backups",
      AWS_REGION: "eu-central-1",
      HOME: "/tmp",
    });
  });
});

describe("the work", () => {
  test("is what the documents of PostgreSQL and Keycloak say", () => {
    expect(workProgram("db-dump", "mcp")).toEqual({
      entryPoint: ["pg_dump"],
      command: [
        "--format=custom",
        "--lock-wait-timeout=60s",
        "--exclude-table-data=jgroups_ping",
        `--file=${fileOf("db-dump")}`,
      ],
    });
    expect(workProgram("realm-export", "mcp").command.join(" ")).toBe(
      `export --optimized --realm mcp --users same_file --file ${fileOf("realm-export")}`,
    );
    expect(workProgram("realm-import", "mcp").command.join(" ")).toBe(
      `import --optimized --override true --file ${fileOf("realm-import")}`,
    );
    const [script] = workProgram("db-restore", "mcp").command;
    expect(script).toMatch(
      /^set -eu\npg_restore --clean --if-exists --no-owner --no-privileges --file=\S+\.sql \S+\.dump\n/,
    );
    expect(script).toMatch(/exec psql .*--set=ON_ERROR_STOP=1 --single-transaction /);
  });

  test("holds nothing that Terraform would read as an expression", () => {
    for (const task of ALL) expect(JSON.stringify(containers(task))).not.toMatch(/[$%]\{/);
  });

  test.each(ALL)("of %s and its transfer speak of one file", (task) => {
    expect(JSON.stringify(one(task, "transfer").command)).toContain(fileOf(task));
    expect(JSON.stringify(workProgram(task, "mcp"))).toContain(fileOf(task));
  });
});
