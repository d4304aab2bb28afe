import { execFile, spawn, type ChildProcess } from "node:child_process";
import { readFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { containerVariables } from "../../constructs/ecs/container.ts";
import { contentTag } from "../../keycloak-image/content.ts";
import { imageRecipe } from "../../keycloak-image/recipe.ts";
import { HEALTH_CHECK, PORTS, STOP_TIMEOUT } from "../../keycloak-image/settings.ts";
import { startPostgres, type Postgres } from "../../scripts/lib/cluster/postgres.ts";
import { imageContext } from "../../scripts/lib/image/context.ts";
import { ensureDistribution } from "../../scripts/lib/local/distribution.ts";
import { freePort } from "../../scripts/lib/local/ports.ts";
import { environmentOnAws } from "../support/environment.ts";
import { BASE_ENV, Buildah, whyNoBuildah } from "./support/stand-in-base.ts";

const why = await whyNoBuildah();

/**
 * Runs a command in an image's tree as Fargate runs the task: as its user, the root file system read-only, the volumes
 * empty with the owners that the image gives them. Mounts are seen by this process only, and end with it.
 */
const AS_TASK = `set -e
tree=$1; shift
mount --bind "$tree" "$tree"
for volume in /opt/keycloak/data /tmp; do
  owner=$(stat -c uid=%u,gid=%g,mode=%a "$tree$volume"); mount -t tmpfs -o "$owner" none "$tree$volume"
done
mount -t proc proc "$tree/proc"; mount --rbind /dev "$tree/dev"
mount -o remount,ro,bind "$tree"
exec chroot --userspec=1000:0 "$tree" "$@"`;

(why ? describe.skip : describe)(`the image, built and started${why ? ` (skipped: ${why})` : ""}`, () => {
  let folder: string;
  let postgres: Postgres;
  let keycloak: ChildProcess;
  let log: string;
  let inspected: { OCIv1: { config: Record<string, unknown> } };
  const ports = { http: 0, management: 0 };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "image-"));
    log = join(folder, "keycloak.log");
    const recipe = imageRecipe(environmentOnAws());
    const buildah = new Buildah(folder);
    const signal = AbortSignal.timeout(300_000);
    const context = await imageContext(recipe, contentTag(recipe), { signal, cache: folder });
    writeFileSync(join(context, "ca.pem"), "certificates");
    const base = await buildah.standInBase((await ensureDistribution(recipe.version)).home);
    const values = [`KEYCLOAK_IMAGE=${base}`, "RDS_CA_BUNDLE=ca.pem", `CONTENT=${contentTag(recipe)}`];
    await buildah.run(
      ...["bud", "--isolation", "chroot", "--pull-never", "--tag", "localhost/keycloak"],
      ...values.flatMap((value) => ["--build-arg", value]),
      context,
    );
    inspected = JSON.parse(await buildah.run("inspect", "--type", "image", "localhost/keycloak")) as typeof inspected;

    postgres = await startPostgres({ logFile: join(folder, "postgres.log") });
    [ports.http, ports.management] = [await freePort(), await freePort()];
    const tree = await buildah.run("mount", await buildah.run("from", "localhost/keycloak"));
    keycloak = inTask(tree, taskVariables(postgres, ports), inspected.OCIv1.config.Entrypoint as string[], [
      ...(inspected.OCIv1.config.Cmd as string[]),
    ]);
  }, 300_000);
  afterAll(async () => {
    keycloak?.kill("SIGKILL");
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts a command in the task. */
  function inTask(tree: string, variables: Record<string, string>, ...command: string[][]): ChildProcess {
    const env = [
      "env",
      "-i",
      "PATH=/usr/bin:/bin",
      ...Object.entries(variables).map(([key, value]) => `${key}=${value}`),
    ];
    const child = spawn("unshare", ["--mount", "sh", "-c", AS_TASK, "sh", tree, ...env, ...command.flat()], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => writeFileSync(log, chunk, { flag: "a" }));
    return child;
  }

  test("answers under the task definition's variables, as its user, on a read-only root", async () => {
    const url = `http://127.0.0.1:${ports.http}/auth/realms/master`;
    const ready = async () => (await fetch(url).catch(() => undefined))?.status === 200;
    while (!(await ready())) {
      if (keycloak.exitCode !== null)
        throw new Error(`it ended with ${keycloak.exitCode}: ${readFileSync(log, "utf8")}`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    expect(readFileSync(log, "utf8")).not.toMatch(/read-only file system|permission denied/i);
    const metadata = (await (await fetch(`${url}/.well-known/openid-configuration`)).json()) as { issuer: string };
    expect(metadata.issuer).toBe("https://auth.example.com/auth/realms/master");
  });

  test("passes the container's health check, which fails on a port where nothing is, and on 404", async () => {
    const check = (port: number, command: string = HEALTH_CHECK[1]) =>
      new Promise<number | null>((resolve) => {
        const text = command.replaceAll(String(PORTS.management), String(port));
        const child = execFile("/bin/sh", ["-c", text], () => resolve(child.exitCode));
      });
    expect(await check(ports.management)).toBe(0);
    expect(await check(await freePort())).not.toBe(0);
    expect(await check(ports.management, HEALTH_CHECK[1].replace("/health/live", "/nothing"))).not.toBe(0);
  });

  test("says in its labels and its configuration what it is", () => {
    const { config } = inspected.OCIv1;
    expect(config).toMatchObject({
      User: "1000:0",
      Entrypoint: ["/opt/keycloak/bin/kc.sh"],
      Cmd: ["start", "--optimized"],
      Volumes: { "/opt/keycloak/data": {}, "/tmp": {} },
      Labels: {
        "org.opencontainers.image.version": "26.7.3",
        "keycloak-mcp-aws.content": expect.stringMatching(/^26\.7\.3-/),
      },
    });
    expect(Object.keys(config.ExposedPorts as object).sort()).toEqual(
      Object.values(PORTS)
        .map((port) => `${port}/tcp`)
        .sort(),
    );
  });

  test("ends in order on SIGTERM, within the time that ECS gives it", async () => {
    const ended = new Promise<number | null>((resolve) => keycloak.once("exit", resolve));
    const started = Date.now();
    keycloak.kill("SIGTERM");
    expect([143, 0]).toContain(await ended);
    expect(Date.now() - started).toBeLessThan(STOP_TIMEOUT * 1000);
  });
});

/** The task definition's variables, with the database and ports of this machine. */
function taskVariables({ access }: Postgres, ports: { http: number; management: number }): Record<string, string> {
  const variables = containerVariables({
    memory: 2048,
    url: "https://auth.example.com/auth",
    database: access,
    jdbcDriver: "postgresql",
  });
  return {
    ...BASE_ENV,
    ...variables,
    KC_DB_URL: `jdbc:postgresql://${access.host}:${access.port}/${access.name}`,
    KC_DB_PASSWORD: access.password,
    KC_BOOTSTRAP_ADMIN_PASSWORD: "of-this-test-only",
    KC_HTTP_PORT: String(ports.http),
    KC_HTTP_MANAGEMENT_PORT: String(ports.management),
    KC_CACHE_EMBEDDED_NETWORK_BIND_ADDRESS: "127.0.0.1",
  };
}
