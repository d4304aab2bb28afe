import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import {
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type NetworkConfiguration,
} from "@aws-sdk/client-ecs";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { BACKUP_TASKS, backupContainers, type BackupTask } from "../../constructs/backup/tasks.ts";
import { backupTaskName } from "../../constructs/names.ts";
import { until } from "../support/until.ts";
import { startAwsFront, type AwsFront } from "./support/aws-front.ts";
import { makeService } from "./support/deployed-parts.ts";
import { describeOnAws, startMoto, type EmulatedAws } from "./support/moto.ts";
import { startScript } from "./support/run-script.ts";

const NAME = "keycloak-production";
const BUCKET = "keycloak-production-backups-123456789012";
let aws: EmulatedAws;
let front: AwsFront;
/** Of the service: a subnet and a security group that the emulation knows. */
let network: NetworkConfiguration;

const start = (task: BackupTask, parameters: string[]) =>
  startScript(task, parameters, { variables: { ...process.env, ...aws.variables, AWS_ENDPOINT_URL: front.url } });
const run = (...parameters: Parameters<typeof start>) => start(...parameters).ended;

const ecs = () => new ECSClient(aws.client());
const put = (key: string) =>
  new S3Client(aws.client()).send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: "content" }));

/** What `npm run deploy` makes, as far as the commands ask for it. */
async function deploy(desiredCount: number): Promise<void> {
  for (const task of Object.keys(BACKUP_TASKS) as BackupTask[]) await register(backupTaskName(NAME, task), task);
  await makeService(ecs(), NAME, { desiredCount, networkConfiguration: network });
  await new S3Client(aws.client()).send(new CreateBucketCommand({ Bucket: BUCKET }));
}

function register(family: string, task: BackupTask) {
  return ecs().send(
    new RegisterTaskDefinitionCommand({
      family,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "1024",
      memory: "2048",
      // The emulation adds the containers' memory up, also where only the task has one.
      containerDefinitions: containers(task).map((container) => ({ memory: 512, ...container })),
    }),
  );
}

/** What every account has from the beginning: subnets and a security group. */
async function firstOf(action: "DescribeSubnets" | "DescribeSecurityGroups", field: string): Promise<string> {
  const scope = "Credential=testing/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=none";
  const answer = await fetch(aws.variables.AWS_ENDPOINT_URL!, {
    method: "POST",
    headers: { Authorization: `AWS4-HMAC-SHA256 ${scope}` },
    body: new URLSearchParams({ Action: action, Version: "2016-11-15" }),
  });
  return new RegExp(`<${field}>([^<]+)`).exec(await answer.text())![1]!;
}

function containers(task: BackupTask) {
  return backupContainers(task, {
    image: "keycloak",
    postgresImage: "postgres",
    awsCliImage: "aws-cli",
    realm: "mcp",
    memory: 2048,
    region: "us-east-1",
    bucket: BUCKET,
    logGroup: "/ecs/keycloak/production",
    database: { host: "database.example.com", port: 5432, name: "keycloak", user: "keycloak" },
    jdbcDriver: "postgresql",
    databasePasswordArn: "arn:aws:ssm:us-east-1:123456789012:parameter/keycloak/production/db_password",
  });
}

/**
 * A task has ended so, after it was seen running some times.
 * @param codes exit codes in the order of its containers; undefined did not run
 */
function tasksEnd(task: BackupTask, codes: readonly (number | undefined)[], stoppedReason: string, running = 0): void {
  let looks = 0;
  front.says.DescribeTasks = (_, input) => {
    looks += 1;
    const ended = looks > running;
    return {
      failures: [],
      tasks: [
        {
          taskArn: (input.tasks as string[])[0],
          lastStatus: ended ? "STOPPED" : "RUNNING",
          ...(ended && { stoppedReason, stopCode: "EssentialContainerExited" }),
          containers: containers(task).map(({ name }, index) => ({
            name,
            lastStatus: ended ? "STOPPED" : "RUNNING",
            ...(ended && codes[index] !== undefined && { exitCode: codes[index] }),
          })),
        },
      ],
    };
  };
}
const tasksSucceed = (task: BackupTask, running = 0) =>
  tasksEnd(task, [0, 0, 0], "Essential container in task exited", running);
const askedFor = (action: string) => front.asked.filter((one) => one.action === action).map(({ input }) => input);

describeOnAws("commands that back up and restore", () => {
  beforeAll(async () => {
    aws = await startMoto();
  });
  afterAll(() => aws.stop());
  beforeEach(async () => {
    front = await startAwsFront(aws.variables.AWS_ENDPOINT_URL!);
    network = {
      awsvpcConfiguration: {
        subnets: [await firstOf("DescribeSubnets", "subnetId")],
        securityGroups: [await firstOf("DescribeSecurityGroups", "groupId")],
        assignPublicIp: "DISABLED",
      },
    };
  });
  afterEach(async () => {
    await front.stop();
    await aws.reset();
  });

  test.each([
    ["db-dump", /^database\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.dump$/],
    ["realm-export", /^realm\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.json$/],
  ] as const)("%s runs its task beside the service, and tells where the object is", async (task, form) => {
    await deploy(2);
    tasksSucceed(task, 1);
    const { code, stdout, stderr } = await run(task, ["production", "--json"]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const saved = JSON.parse(stdout) as { key: string; uri: string };
    expect(saved.key).toMatch(form);
    expect(saved).toMatchObject({ environment: "production", uri: `s3://${BUCKET}/${saved.key}`, bucket: BUCKET });
    const [asked, ...more] = askedFor("RunTask");
    expect(more).toEqual([]);
    expect(asked).toEqual({
      clientToken: expect.any(String), // the SDK's: a repeated request starts no second task
      cluster: NAME,
      taskDefinition: expect.stringMatching(`task-definition/keycloak-production_${task}:1$`),
      launchType: "FARGATE",
      platformVersion: "LATEST",
      networkConfiguration: network,
      overrides: {
        containerOverrides: [{ name: "transfer", environment: [{ name: "BACKUP_KEY", value: saved.key }] }],
      },
      startedBy: `npm run ${task}`,
      enableECSManagedTags: true,
      propagateTags: "TASK_DEFINITION",
    });
  });

  test("a person is told how to get it, how to restore it, and of an export that Keycloak ran meanwhile", async () => {
    await deploy(2);
    tasksSucceed("realm-export");
    const { stdout } = await run("realm-export", ["production"]);
    expect(stdout).toMatch(
      /^Exported\.\nKeycloak ran meanwhile: .+\nObject +s3:\S+\nCopy +aws s3 cp s3:\S+ \. --region us-east-1\nRestore +npm run realm-import -- production realm\/\S+\n$/,
    );
    tasksSucceed("db-dump");
    expect((await run("db-dump", ["production"])).stdout).not.toContain("meanwhile");
  });

  test.each(["db-restore", "realm-import"] as const)(
    "%s refuses while tasks of Keycloak run, and tells how to stop them",
    async (task) => {
      await deploy(2);
      const key = task === "db-restore" ? "database/one.dump" : "realm/one.json";
      await put(key);
      const { code, stderr } = await run(task, ["production", key, "--yes"]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/Keycloak runs \(2 tasks\): stop it first/);
      expect(stderr).toContain(
        "aws ecs update-service --region us-east-1 --cluster keycloak-production --service keycloak-production --desired-count 0",
      );
      expect(stderr).toContain("DynamicScalingOutSuspended=true");
      expect(askedFor("RunTask")).toEqual([]);
    },
  );

  test("db-restore overwrites nothing unless it is told yes; then it tells what comes next", async () => {
    await deploy(0);
    await put("database/one.dump");
    const refused = await run("db-restore", ["production", "database/one.dump"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      `This overwrites the database of production, every realm and every user in it, by s3://${BUCKET}/database/one.dump. ` +
        "Nobody is here to be asked: add --yes",
    );
    expect(askedFor("RunTask")).toEqual([]);

    tasksSucceed("db-restore");
    const { code, stdout } = await run("db-restore", ["production", "database/one.dump", "--yes"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Restored\.\n\nNext:\n {2}1\. aws ecs update-service .* --desired-count 2\n/);
    expect(stdout).toContain("3. npm run deploy -- production --from service\n");
    expect(askedFor("RunTask")).toMatchObject([
      { overrides: { containerOverrides: [{ environment: [{ value: "database/one.dump" }] }] } },
    ]);
  });

  test("what there is to restore is listed, the newest first, and named where nothing or nothing right was chosen", async () => {
    await deploy(0);
    expect((await run("db-restore", ["production", "--list"])).stdout).toBe("The bucket is empty.\n");
    await put("database/one.dump");
    await new Promise((resolve) => setTimeout(resolve, 1100)); // S3 tells seconds
    await put("database/two.dump");
    await put("realm/three.json");
    const { stdout } = await run("db-restore", ["production", "--list"]);
    expect(stdout).toMatch(/^database\/two\.dump +\S+Z +7 bytes\ndatabase\/one\.dump +\S+Z +7 bytes\n$/);
    const unknown = await run("db-restore", ["production", "database/nine.dump", "--yes"]);
    expect(unknown).toMatchObject({ code: 1, stdout: "" });
    expect(unknown.stderr).toContain(
      'The bucket has no "database/nine.dump". There are, the newest first:\n' +
        "  npm run db-restore -- production database/two.dump\n  npm run db-restore -- production database/one.dump\n",
    );
    expect((await run("realm-import", ["production"])).stderr).toContain(
      "Say what to restore. There are, the newest first:\n  npm run realm-import -- production realm/three.json\n",
    );
  });

  test("a task that fails is told with each container's end, and where its log is", async () => {
    await deploy(2);
    tasksEnd("db-dump", [0, 1, undefined], "Essential container in task exited");
    const { code, stdout, stderr } = await run("db-dump", ["production"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /Error: The task db-dump has failed: Essential container in task exited\n {2}prepare: ended with 0\n {2}work: ended with 1\n {2}transfer: did not run\n/,
    );
    expect(stderr).toMatch(
      /Its log: aws logs tail \/ecs\/keycloak\/production --region us-east-1 --since 1d --log-stream-names db-dump\/work\/[\w-]+\n/,
    );
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test("a task that AWS does not start is told with AWS's reason", async () => {
    await deploy(2);
    front.says.RunTask = () => ({ tasks: [], failures: [{ reason: "Capacity is unavailable at this time" }] });
    const { code, stderr } = await run("db-dump", ["production"]);
    expect(code).toBe(1);
    expect(stderr).toContain("AWS did not start the task db-dump: Capacity is unavailable at this time.");
  });

  test.each([
    ["refuses to tell how a task goes on", ["denied" as const], /AWS refuses ecs:DescribeTasks: .*/],
    ["has forgotten a task", [], /AWS does not know the task any more\./],
  ])("where AWS %s, it says that the task may go on", async (_, faults, message) => {
    await deploy(0);
    await put("database/one.dump");
    front.faults.DescribeTasks = [...faults];
    let looks = 0;
    front.says.DescribeTasks = (_answer, { tasks }) => ({
      tasks: looks++ === 0 ? [{ taskArn: (tasks as string[])[0], lastStatus: "RUNNING" }] : [],
    });
    const { code, stderr } = await run("db-restore", ["production", "database/one.dump", "--yes"]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(stderr).toMatch(
      /\nThe task db-restore itself may go on\. [^]*\n {2}aws ecs describe-tasks --region us-east-1 --cluster keycloak-production --tasks arn:\S+\n {2}aws logs tail /,
    );
    expect(askedFor("StopTask")).toEqual([]);
  });

  test.each(["db-restore", "realm-import"] as const)("%s refuses while another task works", async (task) => {
    await deploy(0);
    const key = task === "db-restore" ? "database/one.dump" : "realm/one.json";
    await put(key);
    const arn = "arn:aws:ecs:us-east-1:123456789012:task/keycloak-production/0123";
    front.says.ListTasks = (_, { family }) => ({
      taskArns: family === "keycloak-production_db-restore" ? [arn] : [],
    });
    const { code, stderr } = await run(task, ["production", key, "--yes"]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(
        "Something else backs up or restores production just now (1 task). Wait until it has ended:\n" +
          `  aws ecs wait tasks-stopped --region us-east-1 --cluster keycloak-production --tasks ${arn}\n`,
      ),
    ]);
    expect(askedFor("RunTask")).toEqual([]);
  });

  test("Ctrl-C stops the task as well", async () => {
    await deploy(2);
    front.says.DescribeTasks = (_, input) => ({
      tasks: [{ taskArn: (input.tasks as string[])[0], lastStatus: "RUNNING" }],
    });
    const { child, ended } = start("db-dump", ["production"]);
    await until(() => askedFor("DescribeTasks").length > 0 || child.exitCode !== null);
    child.kill("SIGINT");
    expect(await ended).toMatchObject({
      code: 130,
      stderr: expect.stringContaining("Interrupted: the task was stopped."),
    });
    expect(askedFor("StopTask")).toHaveLength(1);
  });

  test.each([
    [
      "nothing is deployed",
      () => Promise.resolve(),
      /The cluster "keycloak-production" is not there yet in us-east-1\. Make it: npm run deploy -- production/,
    ],
    [
      "it was deployed without backups",
      async () => {
        await makeService(ecs(), NAME, { networkConfiguration: network });
      },
      /The task "keycloak-production_db-dump" is not there yet/,
    ],
  ])("says what to do where %s", async (_, prepare, message) => {
    await prepare();
    const { code, stderr } = await run("db-dump", ["production"]);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(message) });
  });

  test.each([
    ["development", /aws\.backup: \{ enabled: true \}/],
    ["local", /environments\/local\.ts has no aws/],
  ])("says what to do where the environment %s has no backups", async (environment, message) => {
    const { code, stderr } = await run("db-dump", [environment]);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(message) });
    expect(front.asked).toEqual([]);
  });

  test("a service that is scaled down is stopped, also where it was not a moment before", async () => {
    await deploy(2);
    await put("realm/one.json");
    await ecs().send(new UpdateServiceCommand({ cluster: NAME, service: NAME, desiredCount: 0 }));
    tasksSucceed("realm-import");
    const { code, stdout } = await run("realm-import", ["production", "realm/one.json", "--yes", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ uri: `s3://${BUCKET}/realm/one.json`, nextSteps: expect.any(Array) });
  });
});
