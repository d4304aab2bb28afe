import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadEnvironment } from "../../../environments/index.ts";
import { buildOptions, RUN_TIME_OPTIONS } from "../../../keycloak-image/settings.ts";
import { startPostgres, type Postgres } from "../cluster/postgres.ts";
import { ensureDistribution } from "../local/distribution.ts";
import { findJava } from "../local/java.ts";
import { ensureBuilt, keycloakVariables } from "../local/keycloak-build.ts";
import { waitUntilUsable } from "../local/keycloak-process.ts";
import { freePort } from "../local/ports.ts";
import { startServerProcess } from "../local/server-process.ts";
import { comparison, type BenchOptions, type Comparison } from "./comparison.ts";

/**
 * Measures a start of what the image holds against a start of the plain distribution with the same options, which builds
 * first: what each task would do without an optimized image. Both on the same PostgreSQL, whose tables are there.
 * @throws UserError where the distribution cannot be had, or either of them does not start
 */
export async function benchOptimizedStart({ runs, signal, step }: BenchOptions): Promise<Comparison> {
  const { keycloak } = await loadEnvironment("local");
  const { home: plain } = await step(`Get Keycloak ${keycloak.version}`, () =>
    ensureDistribution(keycloak.version, { signal }),
  );
  const java = await findJava();
  const options = buildOptions({ database: "postgres", features: [] });
  const optimized = await step("Build it as the image is", () => ensureBuilt({ home: plain, java, options, signal }));
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const postgres = await startPostgres({ logFile: join(folder, "postgres.log"), signal });
  const time = async (home: string, parameters: readonly string[]) => {
    const ports = { http: await freePort(), management: await freePort() };
    const started = performance.now();
    const server = startServerProcess({
      file: join(home, "bin", "kc.sh"),
      parameters: ["start", ...parameters, ...listening(ports)],
      env: keycloakVariables(java, variables(postgres)),
      logFile: join(folder, "keycloak.log"),
      patience: 0,
      endSignal: "KILL",
    });
    try {
      await waitUntilUsable(ports.http, server.failed, signal);
      return (performance.now() - started) / 1000;
    } finally {
      await server.stop();
    }
  };
  const timePlain = async () => {
    const copy = join(folder, "plain"); // a start keeps what it has built: each time a new copy
    cpSync(plain, copy, { recursive: true });
    try {
      return await time(copy, options);
    } finally {
      rmSync(copy, { recursive: true });
    }
  };
  const seconds: { plain: number[]; optimized: number[] } = { plain: [], optimized: [] };
  try {
    await step("Make the tables", () => time(optimized, ["--optimized"]));
    for (let run = 1; run <= runs; run += 1) {
      seconds.plain.push(await step(`kc.sh start, ${run} of ${runs}`, timePlain));
      seconds.optimized.push(
        await step(`kc.sh start --optimized, ${run} of ${runs}`, () => time(optimized, ["--optimized"])),
      );
    }
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return comparison(
    { title: "kc.sh start builds and answers", seconds: seconds.plain },
    { title: "the image's start answers", seconds: seconds.optimized },
  );
}

function listening({ http, management }: { http: number; management: number }): string[] {
  return ["--http-host=127.0.0.1", `--http-port=${http}`, `--http-management-port=${management}`, "--cache=local"];
}

function variables({ access }: Postgres): Record<string, string> {
  return {
    ...RUN_TIME_OPTIONS,
    KC_HOSTNAME: "http://localhost/auth",
    KC_DB_URL: `jdbc:postgresql://${access.host}:${access.port}/${access.name}?sslmode=disable`,
    KC_DB_USERNAME: access.user,
    KC_DB_PASSWORD: access.password,
  };
}
