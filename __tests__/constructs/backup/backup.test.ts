import { describe, expect, test } from "@jest/globals";
import { BackupBucket } from "../../../constructs/backup/bucket.ts";
import { BackupTasks, type BackupTasksProps } from "../../../constructs/backup/index.ts";
import { BACKUP_TASKS, backupContainers, type BackupTask } from "../../../constructs/backup/tasks.ts";
import { VpcEndpoints } from "../../../constructs/vpc/endpoints.ts";
import { synthConstruct } from "../../support/template.ts";

const KEY = "arn:aws:kms:eu-central-1:111122223333:key/1";
const PROPS: BackupTasksProps = {
  name: "keycloak-test",
  accountId: "111122223333",
  cpu: 1024,
  memory: 2048,
  architecture: "ARM64",
  image: "keycloak@sha256:0",
  postgresImage: "public.ecr.aws/docker/library/postgres:16.10-alpine",
  awsCliImage: "public.ecr.aws/aws-cli/aws-cli:2.31.29",
  repositoryArn: "arn:aws:ecr:eu-central-1:111122223333:repository/keycloak-test",
  realm: "mcp",
  region: "eu-central-1",
  bucket: "backups",
  bucketArn: "arn:aws:s3:::backups",
  kmsKeyArn: KEY,
  logGroup: "/ecs/keycloak/test",
  logGroupArn: "arn:aws:logs:eu-central-1:111122223333:log-group:/ecs/keycloak/test",
  database: { host: "database.example.com", port: 5432, name: "keycloak", user: "keycloak" },
  jdbcDriver: "postgresql",
  databasePasswordArn: "arn:aws:ssm:eu-central-1:111122223333:parameter/keycloak/test/db_password",
  after: [],
};
const tasks = (changes: Partial<BackupTasksProps> = {}) =>
  synthConstruct((scope) => new BackupTasks(scope, "backup", { ...PROPS, ...changes }));
const template = tasks();

describe("the tasks", () => {
  test.each(Object.keys(BACKUP_TASKS) as BackupTask[])(
    "%s is a definition of its own with a role of its own",
    (task) => {
      const definition = template.byId("aws_ecs_task_definition")[`backup_${task}-definition`]!;
      expect(definition).toMatchObject({
        family: `keycloak-test_${task}`,
        requires_compatibilities: ["FARGATE"],
        network_mode: "awsvpc",
        cpu: "1024",
        memory: "2048",
        runtime_platform: { operating_system_family: "LINUX", cpu_architecture: "ARM64" },
        volume: [{ name: "data" }, { name: "temporary" }],
        execution_role_arn: "${aws_iam_role.backup_agent.arn}",
        task_role_arn: `\${aws_iam_role.backup_${task}.arn}`,
      });
      expect(JSON.parse(definition.container_definitions as string)).toEqual(
        JSON.parse(JSON.stringify(backupContainers(task, PROPS))),
      );
    },
  );

  test.each([
    [
      "db-dump",
      "WriteItsFolder",
      ["s3:PutObject", "s3:AbortMultipartUpload"],
      "database",
      ["kms:GenerateDataKey", "kms:Decrypt"],
    ],
    ["db-restore", "ReadItsFolder", ["s3:GetObject"], "database", ["kms:Decrypt"]],
    [
      "realm-export",
      "WriteItsFolder",
      ["s3:PutObject", "s3:AbortMultipartUpload"],
      "realm",
      ["kms:GenerateDataKey", "kms:Decrypt"],
    ],
    ["realm-import", "ReadItsFolder", ["s3:GetObject"], "realm", ["kms:Decrypt"]],
  ])("%s may do nothing but move objects of its own folder", (task, sid, actions, folder, kms) => {
    expect(template.statements(`backup_${task}-transfer-document`)).toEqual([
      { sid, actions, resources: [`arn:aws:s3:::backups/${folder}/*`] },
      {
        sid: "UseTheKeyThroughS3",
        actions: kms,
        resources: [KEY],
        condition: [{ test: "StringEquals", variable: "kms:ViaService", values: ["s3.eu-central-1.amazonaws.com"] }],
      },
    ]);
  });

  test("are started by a role that reads the database's password, and no other secret", () => {
    const [, pull, , read] = template.statements("backup_start-task");
    expect(pull!.resources).toEqual([PROPS.repositoryArn]);
    expect(read).toMatchObject({ actions: ["ssm:GetParameters"], resources: [PROPS.databasePasswordArn] });
  });

  test("are pulled from private repositories as well, where the environment names such images", () => {
    const mirror = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/mirror/postgres:16";
    const [, pull] = tasks({ postgresImage: mirror }).statements("backup_start-task");
    expect(pull!.resources).toEqual([
      PROPS.repositoryArn,
      "arn:aws:ecr:eu-central-1:111122223333:repository/mirror/postgres",
    ]);
  });
});

describe("the bucket", () => {
  const bucket = (deletionProtection: boolean) =>
    synthConstruct(
      (scope) =>
        new BackupBucket(scope, "backup", {
          name: "keycloak-test",
          accountId: "111122223333",
          kmsKeyArn: KEY,
          retentionDays: 90,
          deletionProtection,
        }),
    );
  const made = bucket(true);

  test("is the account's, and stays while it holds dumps where the environment is protected", () => {
    expect(made.resource("aws_s3_bucket")).toMatchObject({
      bucket: "keycloak-test-backups-111122223333",
      force_destroy: false,
    });
    expect(bucket(false).resource("aws_s3_bucket").force_destroy).toBe(true);
  });

  test("is encrypted with the environment's key, private, versioned, and forgets", () => {
    const part = (type: string) => made.resource(`aws_s3_bucket_${type}`);
    expect(part("server_side_encryption_configuration").rule).toEqual([
      {
        apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: KEY },
        bucket_key_enabled: true,
      },
    ]);
    expect(part("public_access_block")).toMatchObject({ block_public_acls: true, restrict_public_buckets: true });
    expect(part("versioning").versioning_configuration).toEqual({ status: "Enabled" });
    expect((part("lifecycle_configuration").rule as object[])[0]).toMatchObject({
      expiration: [{ days: 90 }],
      noncurrent_version_expiration: [{ noncurrent_days: 30 }],
    });
  });

  test("lets nobody in by its policy, and nobody without TLS", () => {
    expect(made.statements("backup_policy-document")).toMatchObject([{ sid: "TlsOnly", effect: "Deny" }]);
  });
});

// Else it lets nothing through but the layers of images, and the transfer would be refused.
test("the endpoint of S3 lets tasks through to the bucket", () => {
  const endpoints = (bucketArn?: string) =>
    synthConstruct(
      (scope) =>
        new VpcEndpoints(scope, "endpoints", {
          name: "keycloak-test",
          region: "eu-central-1",
          vpcId: "vpc-1",
          routeTableIds: ["rtb-1"],
          bucketArn,
        }),
    ).statements("endpoints_image-layers");
  expect(endpoints()).toHaveLength(1);
  expect(endpoints("arn:aws:s3:::backups")[1]).toMatchObject({
    actions: ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"],
    resources: ["arn:aws:s3:::backups/*"],
  });
});
