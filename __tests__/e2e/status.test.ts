import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { namePrefix } from "../../constructs/names.ts";
import { loadEnvironmentOnAws } from "../../scripts/lib/aws/environment.ts";
import { lookAtCertificate } from "../../scripts/lib/status/certificate.ts";
import { StatusContext } from "../../scripts/lib/status/context.ts";
import { lookAtDatabase } from "../../scripts/lib/status/database.ts";
import { lookAtDeployment } from "../../scripts/lib/status/deployment.ts";
import { lookAtDrift } from "../../scripts/lib/status/drift.ts";
import { environmentStatus, type StatusOptions } from "../../scripts/lib/status/index.ts";
import { lookAtKeycloak } from "../../scripts/lib/status/keycloak.ts";
import { SUBJECTS, type Finding, type Subject } from "../../scripts/lib/status/row.ts";
import { lookAtService } from "../../scripts/lib/status/service.ts";
import { lookAtTargets } from "../../scripts/lib/status/targets.ts";
import { lookAtTasks } from "../../scripts/lib/status/tasks.ts";
import { lookAtVersion } from "../../scripts/lib/status/version.ts";
import type { EnvironmentOnAws } from "../../environments/schema/on-aws.ts";
import { environmentOnAws, MINIMAL } from "../support/environment.ts";
import { startAwsFront, type AwsFront } from "./support/aws-front.ts";
import { ADMIN_PASSWORD, deploy } from "./support/deployed.ts";
import { describeOnAws, startMoto, type EmulatedAws } from "./support/moto.ts";
import { testRealm, type TestRealm } from "./support/realms.ts";
import { runScript } from "./support/run-script.ts";

let aws: EmulatedAws;
let front: AwsFront;
let realm: TestRealm;
/** On the emulated AWS, with the run's real Keycloak. */
let environment: EnvironmentOnAws;
const before = { ...process.env };
const { signal } = new AbortController();

const now = () => Date.now() / 1000;
const DIGEST = `sha256:${"1f0c".repeat(16)}`;
const taskArn = (digits: string) => `arn:aws:ecs:eu-central-1:123456789012:task/keycloak-test/${digits.repeat(8)}`;

/** A task that runs, as ECS tells of it; times are seconds. */
const running = (digits: string, changes: object = {}) => ({
  taskArn: taskArn(digits),
  lastStatus: "RUNNING",
  healthStatus: "HEALTHY",
  availabilityZone: "eu-central-1a",
  startedAt: now() - 7200,
  containers: [{ name: "keycloak", imageDigest: DIGEST }],
  ...changes,
});

/** Lets ECS tell of these tasks. */
function tasksAre(runs: readonly { taskArn: string }[], stopped: readonly { taskArn: string }[] = []): void {
  front.says.ListTasks = (_, { desiredStatus }) => ({
    taskArns: (desiredStatus === "STOPPED" ? stopped : runs).map((task) => task.taskArn),
  });
  front.says.DescribeTasks = (_, { tasks }) => ({
    tasks: [...runs, ...stopped].filter((task) => (tasks as string[]).includes(task.taskArn)),
  });
}

/** Lets ECS tell of a service that is steady, or changed; the second changes its primary deployment. */
function serviceIs(changes: object = {}, deployment: object = {}, others: readonly object[] = []): void {
  front.says.DescribeServices = (answer) => {
    const [service] = answer.services as { deployments: object[] }[];
    if (!service) return answer;
    const primary = { ...service.deployments[0], rolloutState: "COMPLETED", createdAt: now() - 600, ...deployment };
    const steady = { runningCount: 2, pendingCount: 0, deployments: [primary, ...others] };
    return { ...answer, services: [{ ...service, ...steady, ...changes }] };
  };
}

/** Lets ACM tell of a certificate that it has issued, or changed. */
function certificateIs(days: number, changes: object = {}): void {
  front.says.DescribeCertificate = ({ Certificate }) => ({
    Certificate: {
      ...(Certificate as object),
      Status: "ISSUED",
      NotAfter: now() + days * 86_400 + 60,
      RenewalEligibility: "ELIGIBLE",
      ...changes,
    },
  });
}

const context = (changed: EnvironmentOnAws = environment) => new StatusContext(changed, signal);
const line = ({ name, status, detail }: Finding) => `${status} ${name}: ${detail}`;
const lines = async (findings: Promise<Finding[]>) => (await findings).map(line);
const status = (options: Partial<StatusOptions> = {}) => environmentStatus(environment, { signal, ...options });

/** Subjects with a row that is not ok. */
async function notWell(options: Partial<StatusOptions> = {}): Promise<Partial<Record<Subject, string>>> {
  const { rows } = await status(options);
  return Object.fromEntries(rows.filter((row) => row.status !== "ok").map((row) => [row.subject, line(row)]));
}

const run = (parameters: string[]) => runScript("status", parameters);

describeOnAws("npm run status", () => {
  beforeAll(async () => {
    aws = await startMoto();
    front = await startAwsFront(aws.variables.AWS_ENDPOINT_URL!);
    Object.assign(process.env, aws.variables, { AWS_ENDPOINT_URL: front.url });
    realm = await testRealm("26.7", { mcpServers: MINIMAL.mcpServers });
    const smallest = environmentOnAws({ monitoring: { alarmEmail: "ops@example.com" } });
    environment = {
      ...smallest,
      keycloak: { ...smallest.keycloak, url: realm.url },
      realm: { ...smallest.realm, name: realm.definition.realm },
    };
    await deploy(environment);
  });
  afterAll(async () => {
    process.env = before;
    await realm.remove();
    await front.stop();
    await aws.stop();
  });
  beforeEach(() => {
    const { clientId, clientSecret } = realm.credentials as { clientId: string; clientSecret: string };
    Object.assign(process.env, { KEYCLOAK_CLIENT_ID: clientId, KEYCLOAK_CLIENT_SECRET: clientSecret });
    tasksAre([running("1f0c"), running("a2b3", { availabilityZone: "eu-central-1b" })]);
    serviceIs();
    certificateIs(80);
  });
  afterEach(() => {
    for (const changes of [front.says, front.writes, front.faults])
      for (const action of Object.keys(changes)) delete changes[action];
  });

  test("[status.rows] shows every subject, and finds nothing where all is well", async () => {
    const { deployed, rows } = await status();
    expect(deployed).toBe(true);
    expect(rows.filter((row) => row.status !== "ok")).toEqual([]);
    expect([...new Set(rows.map(({ subject }) => subject))]).toEqual(SUBJECTS);
    expect(rows.map(line)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^ok discovery: 200 in \d+ ms, issuer http:\/\/localhost:\d+\/auth\/realms\/test-/),
        "ok tasks: 2 of 2 run",
        "ok rollout: complete",
        expect.stringMatching(
          /^ok 1f0c1f0c: runs, healthy, eu-central-1a, started .* UTC \(2 h ago\), sha256:1f0c1f0c1f0c$/,
        ),
        "ok targets: 2 of 2 healthy",
        "ok 172.31.0.10:8080: healthy",
        "ok cluster: available, aurora-postgresql 16.8, 0.5 to 2 ACU, deletion protection on",
        "ok writer: keycloak-test-1, available, db.serverless, eu-central-1a",
        expect.stringMatching(/^ok localhost: 80 days left, until .*; ACM renews it$/),
        "ok alarms: none of 13 is in alarm",
        "ok told: ops@example.com",
        expect.stringMatching(/^ok release: Keycloak 26\.7\.3, as environments\/test\.ts has it$/),
        expect.stringMatching(/^ok image: sha256:[0-9a-f]{12}, which is 26\.7\.3-[0-9a-f]{12}$/),
        `ok drift: realm ${realm.definition.realm} is as defined`,
        expect.stringMatching(/^ok deployed: .* UTC \(10 min ago\), task definition keycloak-test:1; /),
      ]),
    );
  });

  test("[status.rows] what AWS refuses is one row, with the reason", async () => {
    Object.assign(front.faults, { DescribeDBClusters: ["denied"], ListTasks: ["denied"] });
    expect(await notWell()).toEqual({
      Tasks: expect.stringMatching(/^fail state: not known: AWS refuses ecs:ListTasks: .* Ask whoever manages/),
      Database: expect.stringMatching(/^fail state: not known: AWS refuses rds:DescribeDBClusters: /),
    });
  });

  test("[status.rows] what needs the service is skipped where that cannot be looked up", async () => {
    front.faults.DescribeServices = ["denied"];
    expect(await notWell()).toEqual({
      Service: expect.stringMatching(/^fail state: not known: AWS refuses ecs:DescribeServices/),
      Version: "skip state: needs the service, see above",
      "Last deployment": "skip state: needs the service, see above",
    });
  });

  test("[status.rows] waits for nobody longer than the others", async () => {
    front.faults.DescribeTargetGroups = ["hangs"];
    expect(await notWell({ timeoutMs: 1500 })).toEqual({
      "Load balancer": "fail state: not known: no answer within 1.5 s",
    });
  });

  test("ends at once when it is interrupted", async () => {
    front.faults.DescribeTargetGroups = ["hangs"];
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error("Interrupted.")), 200);
    await expect(status({ signal: abort.signal })).rejects.toThrow("Interrupted.");
  });

  test.each([
    [{ runningCount: 1, pendingCount: 1 }, {}, "warn tasks: 1 of 2 run, 1 starting"],
    [{ runningCount: 0 }, {}, "fail tasks: 0 of 2 run"],
    [{ runningCount: 0, desiredCount: 0 }, {}, "warn tasks: stopped: its desired count is 0"],
    [
      {},
      { rolloutState: "IN_PROGRESS", failedTasks: 3 },
      "warn rollout: in progress, begun 10 min ago; 3 of its tasks have failed",
    ],
    [
      {},
      { rolloutState: "FAILED", rolloutStateReason: "tasks failed to start." },
      "fail rollout: failed, begun 10 min ago: tasks failed to start.",
    ],
  ])("service: %j with deployment %j", async (service, deployment, expected) => {
    serviceIs(service, deployment);
    expect(await lines(lookAtService(context()))).toContain(expected);
  });

  test("service: tells of a deployment that still goes", async () => {
    serviceIs({}, {}, [{ status: "ACTIVE", runningCount: 1, createdAt: now() - 86_400 * 3 }]);
    expect(await lines(lookAtService(context()))).toContain(
      "warn old deployment: 1 of its tasks still run, begun 3 days ago",
    );
  });

  test("tasks: what is the matter with one, and why others have stopped", async () => {
    tasksAre(
      [
        running("aaaa", { healthStatus: "UNHEALTHY" }),
        running("bbbb", { healthStatus: "UNKNOWN" }),
        running("cccc", { lastStatus: "PENDING", healthStatus: "UNKNOWN", startedAt: undefined, containers: [] }),
      ],
      [
        {
          taskArn: taskArn("dead"),
          lastStatus: "STOPPED",
          stopCode: "EssentialContainerExited",
          stoppedReason: "Essential container in task exited",
          stoppedAt: now() - 1200,
          containers: [{ name: "keycloak", exitCode: 137, reason: "OutOfMemoryError: Container killed" }],
        } as never,
        {
          taskArn: taskArn("beef"),
          lastStatus: "STOPPED",
          stopCode: "ServiceSchedulerInitiated",
          stoppedReason: "Scaling activity initiated by (deployment ecs-svc/1)",
          stoppedAt: now() - 1800,
          containers: [{ name: "keycloak", exitCode: 143 }],
        } as never,
      ],
    );
    expect(await lines(lookAtTasks(context()))).toEqual([
      expect.stringMatching(/^fail aaaaaaaa: runs, unhealthy: ECS replaces it, /),
      expect.stringMatching(/^warn bbbbbbbb: runs, not checked yet, /),
      "warn cccccccc: pending, eu-central-1a, not started yet",
      "warn deaddead: stopped 20 min ago: Essential container in task exited, exit code 137, OutOfMemoryError: Container killed",
      "ok beefbeef: stopped 30 min ago: Scaling activity initiated by (deployment ecs-svc/1), exit code 143",
    ]);
  });

  test("load balancer: why a target gets no requests", async () => {
    front.writes.DescribeTargetHealth = (xml) =>
      xml.replaceAll(
        "<State>healthy</State>",
        "<State>unhealthy</State><Reason>Target.ResponseCodeMismatch</Reason><Description>Health checks failed with these codes: [503]</Description>",
      );
    const rows = await lines(lookAtTargets(context()));
    expect(rows[0]).toBe("fail targets: 0 of 2 healthy");
    expect(rows[1]).toMatch(/^fail 172.*: unhealthy, Target\.ResponseCodeMismatch: Health checks failed with/);
    front.writes.DescribeTargetHealth = (xml) => xml.replace(/<TargetHealthDescriptions>[^]*Descriptions>/, "");
    expect(await lines(lookAtTargets(context()))).toEqual(["fail targets: none: every request gets 503"]);
  });

  test.each([
    ["<Status>available", "<Status>failing-over", /^warn cluster: failing-over, /],
    ["<Status>available", "<Status>stopped", /^fail cluster: stopped, /],
    [
      "<EngineVersion>16.8",
      "<EngineVersion>16.6",
      /^warn cluster: .* 16\.6, .*; environments\/test\.ts wants engineVersion "16\.8"$/,
    ],
    ["<IsClusterWriter>true", "<IsClusterWriter>false", /^fail writer: none: Keycloak can write nothing$/],
    [
      /<LatestRestorableTime>[^<]+/,
      "<LatestRestorableTime>2026-01-01T00:00:00Z",
      /^warn backups: .* 2026-01-01 00:00 UTC/,
    ],
    [
      "<Status>available",
      "<PendingModifiedValues><MasterUserPassword>****</MasterUserPassword></PendingModifiedValues><Status>available",
      /^warn pending: a new password: not in effect yet$/,
    ],
  ])("database: %s becomes %s", async (found, replaced, expected) => {
    front.writes.DescribeDBClusters = (xml) => xml.replace(found, replaced);
    const rows = await lines(lookAtDatabase(context()));
    expect(rows).toContainEqual(expect.stringMatching(expected));
    expect(rows.filter((row) => !row.startsWith("ok"))).toHaveLength(1);
  });

  test.each([
    [29, {}, "warn", "29 days left"],
    [6, {}, "fail", "6 days left"],
    [200, { Type: "IMPORTED", RenewalEligibility: "INELIGIBLE" }, "ok", "imported, so ACM does not renew it"],
    [29, { Type: "IMPORTED", RenewalEligibility: "INELIGIBLE" }, "fail", "imported, so ACM does not renew it"],
    [50, { RenewalEligibility: "INELIGIBLE" }, "warn", "ACM does not renew it"],
    [50, { RenewalSummary: { RenewalStatus: "PENDING_VALIDATION" } }, "warn", "its DNS record is missing"],
    [50, { RenewalSummary: { RenewalStatus: "FAILED", RenewalStatusReason: "CAA_ERROR" } }, "fail", "CAA_ERROR"],
    [50, { Status: "PENDING_VALIDATION" }, "fail", "pending validation"],
  ])("certificate: %d days, %j: %s", async (days, changes, expected, detail) => {
    certificateIs(days, changes);
    expect(await lookAtCertificate(context())).toEqual([
      expect.objectContaining({ status: expected, detail: expect.stringContaining(detail) }),
    ]);
  });

  test("version: what runs is not what the environment wants", async () => {
    const newer = { ...environment, keycloak: { ...environment.keycloak, version: "26.7.4" } };
    expect(await lines(lookAtVersion(context(newer)))).toEqual([
      "warn release: Keycloak 26.7.3 runs; environments/test.ts wants 26.7.4: npm run upgrade-check -- test",
      expect.stringMatching(
        /^warn image: sha256:\w{12} runs; the repository has no 26\.7\.4-\w{12}: npm run deploy -- test$/,
      ),
    ]);
    const pinned = { ...environment, aws: { ...environment.aws, image: { digest: DIGEST } } };
    expect((await lines(lookAtVersion(context(pinned))))[1]).toMatch(/ wants sha256:1f0c1f0c1f0c: npm run deploy/);
  });

  test("Keycloak: does not answer, has no such realm, or is another one", async () => {
    const at = (url: string, name = realm.definition.realm) =>
      lines(
        lookAtKeycloak(
          context({
            ...environment,
            keycloak: { ...environment.keycloak, url },
            realm: { ...environment.realm, name },
          }),
        ),
      );
    expect(await at("http://localhost:1/auth")).toEqual([
      expect.stringMatching(/^fail discovery: no answer \(ECONNREFUSED\)/),
    ]);
    expect(await at(realm.url, "nowhere")).toEqual([
      expect.stringMatching(/^fail discovery: 404: there is no such realm/),
    ]);
    expect(await at(realm.url.replace("localhost", "127.0.0.1"))).toEqual([
      expect.stringMatching(/^fail discovery: the issuer is "http:\/\/localhost.*", not "http:\/\/127\.0\.0\.1/),
    ]);
  });

  test("[status.rows] drift: names each difference, and says why it cannot look", async () => {
    await realm.admin.send({ method: "PUT", path: "", body: { accessTokenLifespan: 7 } });
    const [row] = await lookAtDrift(context());
    await realm.admin.send({
      method: "PUT",
      path: "",
      body: { accessTokenLifespan: realm.definition.settings.accessTokenLifespan },
    });
    expect(row).toMatchObject({
      status: "warn",
      name: "settings",
      detail: "1 difference between the definition and the live realm",
      notes: [expect.stringMatching(/^realm: accessTokenLifespan: is 7, should be \d+$/)],
    });

    delete process.env.KEYCLOAK_CLIENT_ID;
    const { rows } = await status();
    const skipped = rows.filter(({ subject }) => subject === "Realm").map(line);
    expect(skipped).toEqual([expect.stringMatching(/^skip state: Keycloak at .* refuses to log in user admin/)]);
    expect(JSON.stringify(rows)).not.toContain(ADMIN_PASSWORD);

    const elsewhere = { ...environment, name: "other" };
    await expect(lookAtDrift(context(elsewhere))).rejects.toThrow(/no parameter \/keycloak\/other\/admin_password/);
    expect((await status({ drift: false })).rows.map(({ subject }) => subject)).not.toContain("Realm");
  });

  test("last deployment: shows what ECS did, newest first", async () => {
    const event = (ago: number, message: string) => ({ id: message, createdAt: now() - ago, message });
    const own = `(service ${namePrefix("test")})`;
    serviceIs({
      events: [
        event(900, `${own} was unable to place a task.`),
        ...[1, 2, 3, 4, 5].map((hours) => event(hours * 7200, `${own} has reached a steady state.`)),
      ],
    });
    expect((await lookAtDeployment(context()))[1]).toEqual({
      name: "events",
      status: "warn",
      detail: "1 of the last 5 tell of trouble",
      notes: [
        "15 min ago: was unable to place a task.",
        ...[2, 4, 6, 8].map((h) => `${h} h ago: has reached a steady state.`),
      ],
    });
  });

  test("[status.rows] the command says where nothing is deployed, and how to; then what is deployed", async () => {
    const nothing = await run(["production", "--no-drift"]);
    expect(nothing).toMatchObject({ code: 1, stderr: "" });
    expect(nothing.stdout).toMatch(
      /^Nothing is deployed of production in us-east-1: .*\nDeploy it: npm run deploy -- production\n$/,
    );

    await deploy(await loadEnvironmentOnAws("production", ""));
    const { code, stdout, stderr } = await run(["production", "--no-drift"]);
    expect(stderr).toBe("");
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^production in us-east-1, https:\/\/auth\.example\.com\/auth\n\nKeycloak\n {2}FAIL {2}discovery {2,}no answer \(/,
    );
    expect(stdout).toMatch(/\n\nDatabase\n {2}ok {4}cluster {2,}available, aurora-postgresql 16\.8, /);
    expect(stdout).toMatch(
      /\n\nAlarms\n {2}ok {4}alarms {2,}none of 13 is in alarm\n {2}ok {4}told {2,}ops@example\.com\n/,
    );
    expect(stdout).toMatch(/\n\n\d+ ok, \d warnings?, 1 failed, 0 skipped\n$/);
  });
});
