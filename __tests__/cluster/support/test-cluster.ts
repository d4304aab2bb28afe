import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadEnvironment } from "../../../environments/index.ts";
import { buildOptions } from "../../../keycloak-image/settings.ts";
import { realmDefinition } from "../../../realm/definition.ts";
import { startCluster, type Cluster } from "../../../scripts/lib/cluster/cluster.ts";
import { AdminClient } from "../../../scripts/lib/keycloak/admin-client.ts";
import { ensureDistribution } from "../../../scripts/lib/local/distribution.ts";
import { findJava } from "../../../scripts/lib/local/java.ts";
import { ensureBuilt } from "../../../scripts/lib/local/keycloak-build.ts";
import { freePort } from "../../../scripts/lib/local/ports.ts";
import { makeRealm } from "../../../scripts/lib/realm/create-realm.ts";

/** A cluster with the project's realm, for tests. */
export interface TestCluster extends Cluster {
  readonly admin: AdminClient;
  readonly realm: string;
  /** Where the logs are. */
  readonly folder: string;
}

/** What Keycloak is started from. */
export async function builtKeycloak(version: string) {
  const java = await findJava();
  const { home } = await ensureDistribution(version);
  return {
    java,
    home: await ensureBuilt({ home, java, options: buildOptions({ database: "postgres", features: [] }) }),
  };
}

/** Starts nodes on an empty database, and makes the realm. */
export async function startTestCluster({
  size = 2,
  version,
}: { size?: number; version?: string } = {}): Promise<TestCluster> {
  const local = await loadEnvironment("local");
  const environment = { ...local, keycloak: { ...local.keycloak, ...(version && { version }) } };
  const definition = realmDefinition(environment);
  const credentials = { clientId: "cluster-test", clientSecret: randomBytes(24).toString("base64url") };
  const folder = mkdtempSync(join(tmpdir(), "cluster-"));
  const cluster = await startCluster({
    ...(await builtKeycloak(environment.keycloak.version)),
    admin: credentials,
    size,
    port: await freePort(),
    realm: definition.realm,
    logs: { directory: folder, prefix: "" },
  });
  const admin = new AdminClient(cluster.url, definition.realm, { kind: "client", realm: "master", ...credentials });
  const stop = async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await makeRealm(admin, definition);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...cluster, admin, realm: definition.realm, folder, stop };
}
