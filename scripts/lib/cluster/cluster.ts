import { rm } from "node:fs/promises";
import { join } from "node:path";
import { listenerRules } from "../../../constructs/alb/listener-rules.ts";
import type { HealthCheck } from "../../../constructs/alb/target-group.ts";
import { service } from "../../../environments/schema/aws/service.ts";
import { RELATIVE_PATH } from "../../../keycloak-image/settings.ts";
import { pause } from "../pause.ts";
import type { Step } from "../terminal/steps.ts";
import { startBalancer, type Balancer } from "./balancer.ts";
import { startNode, type ClusterNode, type NodeOptions } from "./node.ts";
import { startPostgres, type Postgres } from "./postgres.ts";
import type { TargetGroup } from "./target-group.ts";
import { untilOneView } from "./view.ts";

/** What a cluster is made of. */
export interface ClusterOptions extends Pick<NodeOptions, "home" | "java" | "admin"> {
  /** How many nodes. */
  readonly size: number;
  /** The balancer's port: everybody comes through it, at `http://localhost:<port>/auth`. */
  readonly port: number;
  /** Name of the realm that the listener's rules let through. */
  readonly realm: string;
  /** Addresses of administrators. @default this machine's */
  readonly adminCidrs?: readonly string[];
  /** MiB of the task that each node stands for. @default that of an environment on AWS that says nothing else */
  readonly memory?: number;
  /** Where the logs are put: `<prefix>node-1.log`, `<prefix>postgres.log`. */
  readonly logs: { readonly directory: string; readonly prefix: string };
  /** @default that on AWS, but every {@link CHECK_INTERVAL} seconds */
  readonly healthCheck?: Partial<HealthCheck>;
  readonly signal?: AbortSignal;
  /** Shows the steps. @default - they are not shown */
  readonly step?: Step;
}

/** Nodes of Keycloak on one PostgreSQL behind a balancer, all on this machine. */
export interface Cluster {
  /** Base URL of all of it. */
  readonly url: string;
  readonly postgres: Postgres;
  readonly balancer: Balancer;
  /** The nodes that have been started and not been stopped, by name. */
  readonly nodes: ReadonlyMap<string, ClusterNode>;
  /** Rejects when the database ends by itself; for a node that does, see {@link ClusterNode.failed}. */
  readonly failed: Promise<never>;
  /**
   * Starts a node of a name that is free, and gives it requests; returns when it gets them and all are one cluster.
   * @param home of another release, while none of this one runs. @default that of the others
   */
  startNode(name: string, home?: string): Promise<ClusterNode>;
  /** Stops a node as ECS does: takes it out of the balancer, waits for its requests, SIGTERM. @returns its exit code */
  stopNode(name: string): Promise<number | undefined>;
  /** Ends everything at once, and removes the data. */
  stop(): Promise<void>;
}

/** Seconds between health checks: on AWS it is 30, and nobody wants to wait for that here. */
const CHECK_INTERVAL = 2;

const LOOPBACK = ["127.0.0.0/8", "::1/128"];

/**
 * Starts PostgreSQL, the balancer and the nodes, and waits until all nodes get requests and form one cluster.
 * @throws UserError in one clear line; whatever was started by then has been ended
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { port, realm, logs, signal, step = (_title, work) => work(() => undefined) } = options;
  const log = (name: string) => join(logs.directory, `${logs.prefix}${name}.log`);
  const url = `http://localhost:${port}${RELATIVE_PATH}`;
  const nodes = new Map<string, ClusterNode>();
  const cleanups: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };

  try {
    const postgres = await step("Start PostgreSQL", () => startPostgres({ logFile: log("postgres"), signal }));
    cleanups.push(() => postgres.stop());
    const rules = listenerRules({ realm, adminCidrs: options.adminCidrs ?? LOOPBACK });
    const healthCheck = { interval: CHECK_INTERVAL, ...options.healthCheck };
    const balancer = await startBalancer({ port, rules, healthCheck });
    cleanups.push(() => balancer.stop());
    cleanups.push(async () => void (await Promise.all([...nodes.values()].map((node) => node.end()))));

    const start = async (name: string, home = options.home) => {
      const { java, admin, memory = service.parse({}).memory } = options;
      const logFile = log(name);
      const node = await startNode({ name, home, java, admin, memory, url, database: postgres.access, logFile });
      nodes.set(name, node);
      node.failed.catch(() => {
        nodes.delete(name);
        // ECS takes out a task that has ended; the health check alone would need three intervals.
        void balancer.targetGroup.deregister(name);
      });
      await node.ready(signal);
      await Promise.race([node.failed, getsRequests(balancer.targetGroup, node, signal)]);
      await untilOneView([...nodes.values()], signal);
      return node;
    };
    // One after the other: the first makes the tables and the cluster, the others find them.
    for (let number = 1; number <= options.size; number += 1) {
      await rm(log(`node-${number}`), { force: true });
      await step(`Start node ${number} of ${options.size}`, () => start(`node-${number}`));
    }
    return {
      url,
      postgres,
      balancer,
      nodes,
      failed: postgres.failed,
      startNode: start,
      stopNode: async (name) => {
        const node = nodes.get(name);
        await balancer.targetGroup.deregister(name);
        nodes.delete(name);
        return node?.stop();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function getsRequests(group: TargetGroup, { name, port }: ClusterNode, signal?: AbortSignal): Promise<void> {
  const target = group.register(name, port);
  while (target.state === "initial") await pause(20, signal);
}
