import { execFile } from "node:child_process";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { keycloakContainer } from "../../constructs/ecs/container.ts";
import { buildOptions } from "../../keycloak-image/settings.ts";
import { motoServer, startMoto, type EmulatedAws } from "./support/moto.ts";

const NAME = "keycloak-production";
let aws: EmulatedAws;

function run(parameters: string[]) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      ["--import", "tsx", "scripts/upgrade-check.ts", ...parameters],
      { env: { ...process.env, ...aws.variables } },
      (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

/** Deploys a service that runs a release, with the container of the task definition. */
async function deploy(version: string, labels?: Record<string, string>): Promise<void> {
  const client = new ECSClient({
    region: "us-east-1",
    endpoint: aws.variables.AWS_ENDPOINT_URL,
    credentials: { accessKeyId: "testing", secretAccessKey: "testing" },
  });
  const container = keycloakContainer({
    image: `${NAME}:1`,
    memory: 2048,
    region: "us-east-1",
    logGroup: "/ecs/keycloak/production",
    url: "https://auth.example.com/auth",
    database: { host: "database", port: 5432, name: "keycloak", user: "keycloak" },
    built: { version, buildOptions: buildOptions({ database: "postgres", features: [] }) },
    jdbcDriver: "postgresql",
    secretArns: { adminPassword: "arn:1", databasePassword: "arn:2" },
    exec: false,
  });
  await client.send(new CreateClusterCommand({ clusterName: NAME }));
  await client.send(
    new RegisterTaskDefinitionCommand({
      family: NAME,
      containerDefinitions: [{ ...container, ...(labels && { dockerLabels: labels }) }],
    }),
  );
  await client.send(
    new CreateServiceCommand({ cluster: NAME, serviceName: NAME, taskDefinition: NAME, desiredCount: 2 }),
  );
}

// CI must have moto; elsewhere these are skipped.
const why = motoServer || process.env.CI ? "" : " (skipped: MOTO_SERVER names no moto_server)";

(why ? describe.skip : describe)(`npm run upgrade-check${why}`, () => {
  beforeAll(async () => {
    aws = await startMoto();
  });
  afterAll(() => aws.stop());
  afterEach(() => aws.reset());

  test("[upgrade.check] says what keeps two releases out of one cluster, what to do, and exits with 3", async () => {
    await deploy("26.4.5");
    const { code, stdout } = await run(["production"]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^Recreate: tasks of Keycloak 26\.4\.5 and 26\.7\.3 must not run at once/);
    expect(stdout).toContain("'cacheEmbedded.version' is incompatible: 15.0.19.Final -> 16.0.");
    expect(stdout).toContain('1. Set aws.service.deployment: "recreate" in environments/production.ts');
    expect(stdout).not.toMatch(/\/tmp\//);
  });

  test("[upgrade.check] exits with 0 where tasks can be replaced one by one", async () => {
    await deploy("26.7.3");
    const { code, stdout } = await run(["production", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: "rolling",
      deployedVersion: "26.7.3",
      newVersion: "26.7.3",
      reasons: [],
      setting: "rolling",
    });
  });

  test("says so where nothing runs yet", async () => {
    const { code, stdout } = await run(["production"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Nothing runs yet: Keycloak 26\.7\.3 is a first deployment\./);
  });

  test("asks for the release where a task definition does not tell it", async () => {
    await deploy("26.7.3", {});
    const { code, stderr } = await run(["production"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/does not tell by its labels which Keycloak it runs\. Name the release: --deployed-version/);
  });

  test("refuses what is no release, and an environment that is not on AWS", async () => {
    expect((await run(["production", "--deployed-version", "26"])).stderr).toContain("a release such as 26.7.3");
    expect((await run(["local"])).stderr).toContain("environments/local.ts has no aws");
  });
});
