import { join } from "node:path";
import type { Environment } from "../../../environments/schema/index.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { deleteRealm } from "../keycloak/realms.ts";
import { fixPolicies } from "../policies/fix.ts";
import { makeRealm } from "../realm/create-realm.ts";
import { UserError } from "../errors.ts";
import { adminOf, targetFor, type Target } from "../target.ts";
import type { Step } from "../terminal/steps.ts";
import { verify, type VerifyRow } from "../verify/index.ts";
import { cacheDir } from "./cache-dir.ts";
import { startDemoMcpServer } from "./demo-mcp-server.ts";
import { withAddresses } from "./environment.ts";
import { acquireInstance } from "./instance-lock.ts";
import { newAdmin, readKeptRun, writeKeptRun, type KeptRun } from "./kept-data.ts";
import { startLocalKeycloak } from "./keycloak.ts";
import { makeDemoUser, type LocalUser } from "./people.ts";
import { assertPortFree, freePort, isPortFree } from "./ports.ts";
import { removeLocalState, writeLocalState } from "./state.ts";

/** What the command line decides. */
export interface LocalRunOptions {
  /** Keycloak's release. @default the environment's */
  readonly version?: string;
  /** Keycloak's port. @default the environment's where it is free, else any free one */
  readonly port?: number;
  /** Keeps realm and users for the next run. @default false: everything is in memory */
  readonly keepData?: boolean;
  /** Nodes of Keycloak; two or more run on PostgreSQL, behind a balancer. @default 1 */
  readonly nodes?: number;
  /** Ends the start, or tells that the run is to end. */
  readonly signal: AbortSignal;
  /** Shows the steps. */
  readonly step: Step;
}

/** A local run that is ready. */
export interface LocalRun {
  readonly target: Target;
  /** What verify found. */
  readonly rows: readonly VerifyRow[];
  readonly mcpUrl: string;
  readonly demoUser: LocalUser;
  /** Keycloak's administrator, for its console. */
  readonly admin: LocalUser;
  /** The nodes, where there are several. */
  readonly cluster?: Cluster;
  /** Rejects when Keycloak ends by itself, or of several nodes' the database. */
  readonly failed: Promise<never>;
  /** Ends everything that was started; no process stays behind. */
  stop(): Promise<void>;
}

/**
 * Starts Keycloak on this machine, makes the realm, fixes its policies, starts the demo MCP server and verifies: the
 * same code as in production, on the same definition.
 * @throws UserError in one clear line where something is missing; whatever was started by then has been ended
 */
export async function startLocalRun(environment: Environment, options: LocalRunOptions): Promise<LocalRun> {
  const { signal, step, nodes = 1 } = options;
  if (nodes > 1 && options.keepData)
    throw new UserError(`--keep-data is for one node: leave it or --nodes ${nodes} out.`);
  const cleanups: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    const instance = await acquireInstance();
    cleanups.push(() => instance.release());
    const version = options.version ?? environment.keycloak.version;
    const directory = options.keepData ? join(cacheDir(), "data", version) : undefined;
    const kept = directory ? readKeptRun(directory) : undefined;
    const admin = kept?.admin ?? newAdmin();
    const addresses = await chooseAddresses(environment, options.port, kept);
    await instance.announce(addresses.url);
    const target = targetFor(withAddresses(environment, { ...addresses, version }), {
      kind: "client",
      realm: "master",
      clientId: admin.clientId,
      clientSecret: admin.clientSecret,
    });

    const keep = (realmMade: boolean) => {
      if (!directory) return;
      writeKeptRun(directory, { admin, port: portOf(addresses.url), resource: addresses.resource, realmMade });
    };
    keep(kept?.realmMade ?? false);
    const { cluster, ...keycloak } = await startLocalKeycloak({
      version,
      features: target.definition.serverFeatures,
      nodes,
      port: portOf(addresses.url),
      realm: target.definition.realm,
      admin,
      directory,
      signal,
      step,
    });
    cleanups.push(() => keycloak.stop());

    const api = adminOf(target, signal);
    await step("Make the realm", async () => {
      if (kept?.realmMade) return;
      await deleteRealm(api);
      await makeRealm(api, target.definition);
      keep(true);
    });
    await step("Fix the registration policies", () => fixPolicies(api, target.definition));
    const demoUser = await makeDemoUser(api);
    const [server] = environment.mcpServers;
    const mcp = await step("Start the demo MCP server", () =>
      startDemoMcpServer({
        port: Number(new URL(addresses.resource).port),
        issuer: `${target.url}/realms/${target.definition.realm}`,
        resource: addresses.resource,
        scope: server!.scope,
      }),
    );
    cleanups.push(() => mcp.stop());
    const rows = await step("Verify", (update) =>
      verify(target, { login: true, signal, onRow: (row) => update(row.behaviour) }),
    );

    writeLocalState({ pid: process.pid, ...addresses, version, credentials: target.credentials });
    cleanups.push(removeLocalState);
    return { target, rows, mcpUrl: addresses.resource, demoUser, admin, cluster, failed: keycloak.failed, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * The environment's ports where they are free, else any that are. A port that was asked for must be free, and so must
 * those of kept data: its realm's tokens name them.
 */
async function chooseAddresses(
  environment: Environment,
  port: number | undefined,
  kept: KeptRun | undefined,
): Promise<{ url: string; resource: string }> {
  if (kept && port !== undefined && port !== kept.port)
    throw new UserError(
      `--port ${port}: the kept data was made for port ${kept.port}. Leave --port or --keep-data out.`,
    );
  const fixed = port ?? kept?.port;
  if (fixed !== undefined) await assertPortFree(fixed);
  const url = new URL(environment.keycloak.url);
  url.port = String(fixed ?? (await freeOr(portOf(url))));
  if (kept) {
    await assertPortFree(portOf(kept.resource), "the kept data's MCP server:");
    return { url: url.href, resource: kept.resource };
  }
  const resource = new URL(environment.mcpServers[0]!.resource);
  resource.port = String(await freeOr(portOf(resource), portOf(url)));
  return { url: url.href, resource: resource.href };
}

/** The port where it is free, else any other. */
async function freeOr(port: number, taken?: number): Promise<number> {
  return port !== taken && (await isPortFree(port)) ? port : freePort();
}

function portOf(url: URL | string): number {
  return Number(new URL(url).port || 80);
}
