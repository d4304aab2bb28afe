import { basename, join } from "node:path";
import { heapOptions } from "../../../constructs/ecs/heap.ts";
import { RELATIVE_PATH, RUN_TIME_OPTIONS, STOP_TIMEOUT } from "../../../keycloak-image/settings.ts";
import { messageOf, UserError } from "../errors.ts";
import type { Java } from "../local/java.ts";
import { keycloakVariables } from "../local/keycloak-build.ts";
import { bootstrapVariables, waitUntilUsable, type KeycloakOptions } from "../local/keycloak-process.ts";
import { freePort } from "../local/ports.ts";
import { listProcesses, signalProcess } from "../local/processes.ts";
import { startServerProcess, type Ending, type ServerProcess } from "../local/server-process.ts";
import { freeClusterPort } from "./cluster-port.ts";
import type { DatabaseAccess } from "./postgres-database.ts";

/** How a node is started. */
export interface NodeOptions {
  /** Such as `node-1`. */
  readonly name: string;
  /** A copy of the distribution that is built for PostgreSQL. */
  readonly home: string;
  readonly java: Java;
  /** Where people reach the cluster: `http://localhost:8080/auth`. */
  readonly url: string;
  readonly database: DatabaseAccess;
  readonly admin: KeycloakOptions["admin"];
  /** MiB of the task that it stands for. */
  readonly memory: number;
  /** Gets what it says, after what an earlier node of that name has said. */
  readonly logFile: string;
}

/** One Keycloak of a cluster. It has been started, and is not ready yet. */
export interface ClusterNode {
  readonly name: string;
  /** Port of requests, on 127.0.0.1. */
  readonly port: number;
  /** Where it tells its metrics, on its management port. */
  readonly metricsUrl: string;
  readonly logFile: string;
  /** Rejects when it ends by itself. */
  readonly failed: Promise<never>;
  /** Resolves when it has ended, however it did. */
  readonly ended: Promise<Ending>;
  /** Waits until it can serve. @throws UserError where it ends before */
  ready(signal?: AbortSignal): Promise<void>;
  /** Process id of its Java; undefined where it has ended. */
  pid(): Promise<number | undefined>;
  /** Sends a signal to its Java: `SIGKILL`, or `SIGSTOP` and `SIGCONT` for one that hangs. */
  signal(name: NodeJS.Signals): Promise<void>;
  /** SIGTERM, as ECS sends it, and after {@link STOP_TIMEOUT} SIGKILL. @returns the exit code: 143 where all went well */
  stop(): Promise<number | undefined>;
  /** Ends it at once, for a cluster that is thrown away. */
  end(): Promise<void>;
}

/** Starts a node as ECS starts a task's container: same build, same variables, its own ports. */
export async function startNode(options: NodeOptions): Promise<ClusterNode> {
  const { name, logFile } = options;
  const ports = { http: await freePort(), management: await freePort(), cluster: await freeClusterPort() };
  const server = startServerProcess({
    file: join(options.home, "bin", "kc.sh"),
    parameters: parameters(ports),
    env: keycloakVariables(options.java, variables(options)),
    logFile,
    appendLog: true,
    patience: 0, // whoever ends it so throws the cluster away
    endSignal: "KILL",
  });
  let stopping = false;
  const failed = server.failed.catch((error: unknown): never | Promise<never> => {
    if (stopping) return new Promise<never>(() => undefined);
    const how = messageOf(error);
    throw new UserError(`Keycloak's ${name} ${how}. ${whyItEnded(how, server, options)}`);
  });
  failed.catch(() => undefined); // whoever waits for it hears of it
  const pid = async () =>
    (await listProcesses()).find(({ group, program }) => group === server.group && basename(program) === "java")?.pid;
  const signal = async (signalName: NodeJS.Signals) => {
    const java = await pid();
    if (java) signalProcess(java, signalName);
  };
  /** Sends a signal that ends it, and kills it where it has not ended by then. */
  const endBy = async (signalName: NodeJS.Signals, seconds: number) => {
    stopping = true;
    await signal(signalName);
    const late = setTimeout(() => void server.stop(), seconds * 1000);
    const { code } = await server.ended; // kc.sh ends after its Java
    clearTimeout(late);
    return code;
  };
  return {
    name,
    port: ports.http,
    metricsUrl: `http://127.0.0.1:${ports.management}${RELATIVE_PATH}/metrics`,
    logFile,
    failed,
    ended: server.ended,
    ready: (abort) => waitUntilUsable(ports.http, failed, abort),
    pid,
    signal,
    stop: () => endBy("SIGTERM", STOP_TIMEOUT),
    end: async () => void (await endBy("SIGKILL", 1)),
  };
}

/** What tells nodes on one machine apart; tasks have an address each and the ports of settings.ts. */
function parameters(ports: { http: number; management: number; cluster: number }): string[] {
  return [
    "start",
    "--optimized",
    "--http-host=127.0.0.1",
    `--http-port=${ports.http}`,
    `--http-management-port=${ports.management}`,
    "--cache-embedded-network-bind-address=127.0.0.1",
    `--cache-embedded-network-bind-port=${ports.cluster}`,
  ];
}

/** The container's variables, with the secrets that the ECS agent adds. */
function variables({ url, database, admin, memory }: NodeOptions): Record<string, string> {
  return {
    ...RUN_TIME_OPTIONS,
    KC_HOSTNAME: url,
    // The one difference: no TLS, since nobody else can listen on the loopback interface.
    KC_DB_URL: `jdbc:postgresql://${database.host}:${database.port}/${database.name}?sslmode=disable`,
    KC_DB_USERNAME: database.user,
    KC_DB_PASSWORD: database.password,
    JAVA_OPTS_KC_HEAP: heapOptions(memory),
    ...bootstrapVariables(admin),
  };
}

/** One line for what people meet most, or the end of the log. */
function whyItEnded(how: string, server: ServerProcess, { memory, logFile }: NodeOptions): string {
  const log = server.lastWords(Infinity);
  if (/insufficient memory|Could not reserve enough space|Cannot allocate memory|OutOfMemoryError/i.test(log))
    return `It got no memory: a node may take up to ${memory} MiB. End other programs, or take fewer --nodes.`;
  if (how.includes("SIGKILL"))
    return `If nobody killed it, the system did, for want of memory: a node may take up to ${memory} MiB.`;
  if (/already (bound|in use)|BindException/i.test(log))
    return "Another program has taken one of its ports meanwhile: run the command again.";
  return `Its log is ${logFile}, and ends with:\n${server.lastWords(15)}`;
}
