import { join } from "node:path";
import { buildOptions } from "../../../keycloak-image/settings.ts";
import { startCluster, type Cluster } from "../cluster/cluster.ts";
import type { Step } from "../terminal/steps.ts";
import { progressBar } from "../terminal/progress.ts";
import { cacheDir } from "./cache-dir.ts";
import { ensureDistribution } from "./distribution.ts";
import { findJava } from "./java.ts";
import type { LocalAdmin } from "./kept-data.ts";
import { ensureBuilt } from "./keycloak-build.ts";
import { startKeycloak, type RunningKeycloak } from "./keycloak-process.ts";
import { freePort } from "./ports.ts";

/** Which Keycloak a local run needs. */
export interface LocalKeycloakOptions {
  readonly version: string;
  /** Features that are on beside the default ones. */
  readonly features: readonly string[];
  /** One node with a database of its own; or several on PostgreSQL, behind a balancer. */
  readonly nodes: number;
  readonly port: number;
  /** Name of the realm for MCP clients. */
  readonly realm: string;
  readonly admin: LocalAdmin;
  /** Where one node keeps its data. @default - in memory */
  readonly directory?: string;
  readonly signal: AbortSignal;
  readonly step: Step;
}

/** Gets, builds and starts Keycloak: one node, or a cluster. */
export async function startLocalKeycloak(
  options: LocalKeycloakOptions,
): Promise<RunningKeycloak & { readonly cluster?: Cluster }> {
  const { version, features, nodes, directory, signal, step } = options;
  const java = await findJava();
  const { home: distribution } = await step(`Get Keycloak ${version}`, (update) =>
    ensureDistribution(version, {
      signal,
      onProgress: ({ phase, receivedBytes, totalBytes }) =>
        update(phase === "unpacking" ? phase : progressBar(receivedBytes, totalBytes)),
    }),
  );
  const parameters = buildOptions({ database: nodes > 1 ? "postgres" : "dev-file", features });
  const home = await step("Build it for local use", () =>
    ensureBuilt({ home: distribution, java, options: parameters, signal }),
  );
  const { port, realm, admin } = options;
  if (nodes > 1) {
    const logs = { directory: cacheDir(), prefix: "local-" };
    const cluster = await startCluster({ home, java, port, realm, admin, size: nodes, logs, signal, step });
    return { ...cluster, cluster };
  }
  return step("Start Keycloak", async () =>
    startKeycloak({
      home,
      java,
      port,
      managementPort: await freePort(),
      data: directory ? { kind: "directory", path: directory } : { kind: "memory" },
      admin,
      logFile: join(cacheDir(), "local.log"),
      signal,
    }),
  );
}
