import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildOptions } from "../../../keycloak-image/settings.ts";
import { ensureDistribution } from "../../../scripts/lib/local/distribution.ts";
import { findJava } from "../../../scripts/lib/local/java.ts";
import { ensureBuilt } from "../../../scripts/lib/local/keycloak-build.ts";
import { startKeycloak } from "../../../scripts/lib/local/keycloak-process.ts";
import { freePort } from "../../../scripts/lib/local/ports.ts";
import type { E2eKeycloak } from "./keycloaks.ts";

/** The newest tested release of each line. */
const RELEASES = { "26.4": "26.4.5", "26.7": "26.7.3" } as const;

/** Servers that a run shares. */
export interface Servers {
  stop(): Promise<void>;
}

/** Starts one Keycloak of each line for the whole run, and tells the tests by an environment variable. */
export async function startServers(): Promise<Servers> {
  const started = await Promise.allSettled(
    Object.entries(RELEASES).map(async ([line, version]) => ({ line, ...(await startServer(version)) })),
  );
  const running = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const stop = async () => void (await Promise.all(running.map((server) => server.stop())));
  const failed = started.find((result) => result.status === "rejected");
  if (failed) {
    await stop();
    throw failed.reason;
  }
  process.env.E2E_KEYCLOAKS = JSON.stringify(Object.fromEntries(running.map(({ line, server }) => [line, server])));
  return { stop };
}

/** Starts one Keycloak, empty, in memory, for tests. */
export async function startServer(
  version: string,
  features: readonly string[] = [],
): Promise<Servers & { server: E2eKeycloak }> {
  const logs = mkdtempSync(join(tmpdir(), "keycloak-log-"));
  const admin = { clientId: "e2e", clientSecret: randomBytes(24).toString("base64url") };
  const java = await findJava();
  const { home } = await ensureDistribution(version);
  const keycloak = await startKeycloak({
    home: await ensureBuilt({ home, java, options: buildOptions({ database: "dev-file", features }) }),
    java,
    port: await freePort(),
    managementPort: await freePort(),
    data: { kind: "memory" },
    admin,
    logFile: join(logs, "keycloak.log"),
  });
  return {
    server: { url: keycloak.url, version, ...admin },
    stop: async () => {
      await keycloak.stop();
      rmSync(logs, { recursive: true });
    },
  };
}
