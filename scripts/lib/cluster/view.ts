import { setTimeout as sleep } from "node:timers/promises";
import axios from "axios";
import { UserError } from "../errors.ts";
import type { ClusterNode } from "./node.ts";

/** Seconds that nodes get to find each other; they need less than one. */
const PATIENCE = 30;

/** How many nodes a node sees in its cluster, itself included; 0 where it does not tell. */
export async function clusterSize({ metricsUrl }: Pick<ClusterNode, "metricsUrl">): Promise<number> {
  const answer = await axios.get<string>(metricsUrl, { timeout: 5_000, proxy: false }).catch(() => undefined);
  return Number(/^vendor_cluster_size\{.*\} (\S+)$/m.exec(answer?.data ?? "")?.[1] ?? 0);
}

/**
 * Waits until every node sees all others: nodes that form two clusters answer all the same, each with what it knows.
 * @throws UserError that says what each node sees
 */
export async function untilOneView(nodes: readonly ClusterNode[], signal?: AbortSignal): Promise<void> {
  const end = Date.now() + PATIENCE * 1000;
  for (;;) {
    signal?.throwIfAborted();
    const sizes = await Promise.all(nodes.map(clusterSize));
    if (sizes.every((size) => size === nodes.length)) return;
    if (Date.now() > end) {
      const seen = nodes.map(({ name, logFile }, index) => `${name} sees ${sizes[index]} (its log: ${logFile})`);
      throw new UserError(`The ${nodes.length} nodes do not form one cluster: ${seen.join(", ")}.`);
    }
    await sleep(200);
  }
}
