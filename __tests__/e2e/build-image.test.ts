import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { loadEnvironment } from "../../environments/index.ts";
import { contentTag } from "../../keycloak-image/content.ts";
import { imageRecipe } from "../../keycloak-image/recipe.ts";
import type { EnvironmentOnAws } from "../../environments/schema/on-aws.ts";
import { makeRepository } from "./support/deployed-parts.ts";
import { describeOnAws, startMoto, type EmulatedAws } from "./support/moto.ts";
import { runScript } from "./support/run-script.ts";

const STAND_INS = fileURLToPath(new URL("./support/stand-ins", import.meta.url));
const BASE_DIGEST = `sha256:${createHash("sha256").update("base").digest("hex")}`;
const REPOSITORY = "keycloak-production";
const tag = contentTag(imageRecipe((await loadEnvironment("production")) as EnvironmentOnAws));

let aws: EmulatedAws;
let folder: string;
let log: string;

/** What the stand-in for Docker was asked so far. */
interface Asked {
  readonly parameters: string[];
  /** Digest of its standard input. */
  readonly input: string;
}
const asked = (): Asked[] =>
  existsSync(log)
    ? readFileSync(log, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Asked)
    : [];
const commands = () => asked().map(({ parameters }) => parameters.slice(0, 2).join(" "));

function run(parameters: string[], extra: Record<string, string> = {}) {
  const variables = {
    ...process.env,
    ...aws.variables,
    PATH: `${STAND_INS}${delimiter}${process.env.PATH}`,
    DOCKER_LOG: log,
    KEYCLOAK_MCP_CACHE: folder,
    ...extra,
  };
  return runScript("build-image", parameters, { variables });
}

const ecr = () => new ECRClient(aws.client());
async function digest() {
  const { imageDetails } = await ecr().send(
    new DescribeImagesCommand({ repositoryName: REPOSITORY, imageIds: [{ imageTag: tag }] }),
  );
  return imageDetails![0]!.imageDigest;
}

describeOnAws("npm run build-image", () => {
  beforeAll(async () => {
    aws = await startMoto();
  });
  afterAll(() => aws.stop());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "build-image-"));
    log = join(folder, "docker.log");
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await aws.reset();
  });

  test("builds for the tasks' processor on the base's digest, pushes by the content's tag, and then has nothing to do", async () => {
    await makeRepository(ecr(), REPOSITORY);
    const first = await run(["production", "--json"]);
    expect(first).toMatchObject({ code: 0 });
    const image = JSON.parse(first.stdout) as Record<string, unknown>;
    expect(image).toEqual({
      repository: "123456789012.dkr.ecr.us-east-1.amazonaws.com/keycloak-production",
      tag,
      digest: await digest(),
      built: true,
    });
    const build = asked().find(({ parameters }) => parameters[1] === "build")!.parameters;
    expect(build).toEqual(
      expect.arrayContaining([
        "linux/arm64",
        `KEYCLOAK_IMAGE=quay.io/keycloak/keycloak:26.7.3@${BASE_DIGEST}`,
        `BASE_DIGEST=${BASE_DIGEST}`,
        `CONTENT=${tag}`,
        "--push",
        `123456789012.dkr.ecr.us-east-1.amazonaws.com/keycloak-production:${tag}`,
      ]),
    );
    expect(existsSync(join(build.at(-1)!, "Dockerfile"))).toBe(true);
    expect(commands()).toEqual([
      "version --format",
      "buildx version",
      "buildx imagetools",
      "login --username",
      "buildx build",
    ]);

    rmSync(log);
    const second = await run(["production", "--json"]);
    expect(JSON.parse(second.stdout)).toEqual({ ...image, built: false });
    expect(commands()).toEqual(["version --format", "buildx version"]);
  });

  test("[secrets.nowhere] gives the registry's password to Docker's standard input only", async () => {
    await makeRepository(ecr(), REPOSITORY);
    const { stdout, stderr } = await run(["production"]);
    const login = asked().find(({ parameters }) => parameters[0] === "login")!;
    expect(login.parameters).toEqual([
      "login",
      "--username",
      "AWS",
      "--password-stdin",
      "123456789012.dkr.ecr.us-east-1.amazonaws.com",
    ]);
    const password = "123456789012-auth-token"; // moto's
    expect(login.input).toBe(`sha256:${createHash("sha256").update(password).digest("hex")}`);
    expect(stdout + stderr + readFileSync(log, "utf8")).not.toContain(password);
    expect(stdout).toMatch(/Built and pushed\.\nRepository +\S+\nTag +26\.7\.3-\w{12}\nDigest +sha256:\w{64}\n/);
  });

  test.each([
    ["no-engine", "Docker's engine does not answer: Cannot connect to the Docker daemon"],
    ["no-buildx", "Docker has no buildx"],
  ])("says so before it asks anything of AWS where there is %s", async (mode, message) => {
    const outcome = await run(["production"], { DOCKER_SAYS: mode, AWS_ENDPOINT_URL: "http://127.0.0.1:9" });
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(outcome.stderr).toContain(message);
    expect(outcome.stderr).toContain("--print");
  });

  test("says so where Docker is not installed at all", async () => {
    const { code, stderr } = await run(["production"], { PATH: folder });
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Error: Docker is not installed/),
    });
  });

  test("names the stack to deploy first where there is no repository", async () => {
    const { code, stderr } = await run(["production"]);
    expect(code).toBe(1);
    expect(stderr).toContain('no repository "keycloak-production" in us-east-1 yet');
    expect(stderr).toContain("npx cdktf deploy production-registry");
    expect(commands()).not.toContain("buildx build");
  });

  test("shows the end of what the build said where it fails, and a second run succeeds", async () => {
    await makeRepository(ecr(), REPOSITORY);
    const { code, stderr } = await run(["production"], { DOCKER_SAYS: "build-fails" });
    expect(code).toBe(1);
    expect(stderr).toContain("process did not complete successfully: exit code: 2");
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(await run(["production"])).toMatchObject({ code: 0 });
  });

  test("takes the image that somebody else has pushed meanwhile: the same tag is the same content", async () => {
    await makeRepository(ecr(), REPOSITORY);
    const { code, stdout } = await run(["production", "--json"], { DOCKER_SAYS: "push-refused" });
    expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 0, tag, digest: await digest() });
  });

  test("does not believe a push that left nothing in the repository", async () => {
    await makeRepository(ecr(), REPOSITORY);
    const { code, stderr } = await run(["production"], { DOCKER_SAYS: "nothing-pushed" });
    expect(code).toBe(1);
    expect(stderr).toContain(`has no image ${tag}`);
  });

  test("says which credentials are missing", async () => {
    await makeRepository(ecr(), REPOSITORY);
    const { code, stderr } = await run(["production"], { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" });
    expect(code).toBe(1);
    expect(stderr).toMatch(/Error: No AWS credentials were found\./);
  });

  test("--print shows commands for a shell that do the same", async () => {
    await makeRepository(ecr(), REPOSITORY);
    const printed = await run(["production", "--print"], { PATH: folder, AWS_ENDPOINT_URL: "http://127.0.0.1:9" });
    expect(printed).toMatchObject({ code: 0, stderr: "" });
    expect(existsSync(log)).toBe(false);

    await run(["production"]);
    const own = asked().slice(-2);
    await aws.reset();
    await makeRepository(ecr(), REPOSITORY);
    rmSync(log);
    const script = join(folder, "build.sh");
    writeFileSync(script, `set -eu\n${printed.stdout}`);
    await runShell(script);
    const login = asked().find(({ parameters }) => parameters[0] === "login");
    const build = asked().find(({ parameters }) => parameters[1] === "build");
    expect([login!.parameters, build!.parameters]).toEqual(own.map(({ parameters }) => parameters));
  });
});

/** Runs the printed lines, with a stand-in for the AWS CLI and one for a Docker that knows Go's templates. */
function runShell(script: string): Promise<void> {
  const bin = mkdtempSync(join(folder, "bin-"));
  const file = (name: string, text: string) => writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  file("aws", `case "$*" in *get-caller-identity*) echo 123456789012;; *) printf 123456789012-auth-token;; esac`);
  file("docker", `case "$*" in *imagetools*) echo ${BASE_DIGEST};; *) exec "${STAND_INS}/docker" "$@";; esac`);
  return new Promise((resolve, reject) =>
    execFile(
      "/bin/sh",
      [script],
      { env: { ...process.env, ...aws.variables, DOCKER_LOG: log, PATH: `${bin}${delimiter}${process.env.PATH}` } },
      (error) => (error ? reject(new Error(error.message)) : resolve()),
    ),
  );
}
