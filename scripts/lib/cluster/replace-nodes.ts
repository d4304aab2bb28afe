import type { Cluster } from "./cluster.ts";
import type { ClusterNode } from "./node.ts";

/**
 * Starts another node for each that ends by itself, as ECS does for the tasks of a service, until the signal is aborted.
 * @param tell gets one line when a node has ended, and one when another is there
 * @throws UserError where another cannot be started
 */
export function replaceNodes(cluster: Cluster, tell: (line: string) => void, signal: AbortSignal): Promise<never> {
  const replace = async (first: ClusterNode): Promise<never> => {
    for (let node = first; ;) {
      await node.failed.catch(() => undefined);
      if (signal.aborted) return new Promise<never>(() => undefined);
      const { words } = await node.ended;
      const others = [...cluster.nodes.keys()].join(" and ") || "no node";
      tell(`${node.name} ${words}. Still there: ${others}. Starting another, as ECS does ...`);
      node = await cluster.startNode(node.name);
      tell(`${node.name} is back: process ${await node.pid()}, ${cluster.nodes.size} nodes in one cluster.`);
    }
  };
  return Promise.race([...cluster.nodes.values()].map(replace));
}
