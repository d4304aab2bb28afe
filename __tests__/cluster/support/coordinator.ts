import { readFileSync } from "node:fs";
import type { ClusterNode } from "../../../scripts/lib/cluster/node.ts";

/** The node whom the others have joined: it is first in the last view that they tell, alone or after a merge. */
export function coordinator(nodes: readonly ClusterNode[]): ClusterNode {
  const log = ({ logFile }: ClusterNode) => readFileSync(logFile, "utf8");
  const name = [...log(nodes[0]!).matchAll(/ISPN00009[34].* \(\d+\) \[([^(]+)\(/g)].at(-1)![1]!;
  return nodes.find((one) => log(one).includes(`, name: ${name}\n`))!;
}
