import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { ECSClient } from "@aws-sdk/client-ecs";
import { namePrefix } from "../../constructs/names.ts";
import { buildOptions } from "../../keycloak-image/settings.ts";
import { loadEnvironmentOnAws } from "../../scripts/lib/aws/environment.ts";
import { cacheDir } from "../../scripts/lib/local/cache-dir.ts";
import { containerOf, makeService } from "./support/deployed-parts.ts";
import { describeOnAws, startMoto, type EmulatedAws } from "./support/moto.ts";
import { runScript } from "./support/run-script.ts";

let aws: EmulatedAws;

/** Has the distributions, and no answer of an earlier run. */
const cache = mkdtempSync(join(tmpdir(), "upgrade-check-"));

const run = (parameters: string[], variables: Record<string, string> = {}) =>
  runScript("upgrade-check", parameters, {
    variables: { ...process.env, ...aws.variables, KEYCLOAK_MCP_CACHE: cache, ...variables },
  });

/** Deploys a service that runs a release, with the container of the task definition. */
async function deploy(version: string, dockerLabels?: Record<string, string>): Promise<void> {
  const environment = await loadEnvironmentOnAws("production", "it is the example");
  const built = { version, buildOptions: buildOptions({ database: "postgres", features: [] }) };
  const container = containerOf(environment, { image: "keycloak-production:1", built });
  await makeService(new ECSClient(aws.client()), namePrefix(environment.name), {
    container: { ...container, ...(dockerLabels && { dockerLabels }) },
  });
}

describeOnAws("npm run upgrade-check", () => {
  beforeAll(async () => {
    symlinkSync(join(cacheDir(), "distributions"), join(cache, "distributions"));
    aws = await startMoto();
  });
  afterAll(async () => {
    await aws.stop();
    rmSync(cache, { recursive: true });
  });
  afterEach(() => aws.reset());

  test("[upgrade.check] says what keeps two releases out of one cluster, what to do, and exits with 3", async () => {
    await deploy("26.4.5");
    const { code, stdout } = await run(["production"]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^Recreate: tasks of Keycloak 26\.4\.5 and 26\.7\.3 must not run at once/);
    expect(stdout).toContain("'cacheEmbedded.version' is incompatible: 15.0.19.Final -> 16.0.");
    expect(stdout).toContain('1. Set aws.service.deployment: "recreate" in environments/production.ts');
    expect(stdout).not.toMatch(/\/tmp\//);

    // Keycloak need not be asked the same again, so that Java is not needed either.
    const again = await run(["production"], { JAVA_HOME: "", PATH: cache });
    expect(again).toMatchObject({ code: 3, stdout });
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
    expect(stderr).toMatch(
      /does not tell by its labels which Keycloak it runs\. Name the release: npm run upgrade-check -- production --deployed-version/,
    );
  });

  test("refuses what is no release, and an environment that is not on AWS", async () => {
    expect((await run(["production", "--deployed-version", "26"])).stderr).toContain("a release such as 26.7.3");
    expect((await run(["local"])).stderr).toContain("environments/local.ts has no aws");
  });
});
