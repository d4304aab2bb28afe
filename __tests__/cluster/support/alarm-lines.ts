import { readFileSync } from "node:fs";
import { LOG_FILTERS } from "../../../constructs/monitoring/log-filters.ts";
import type { ClusterNode } from "../../../scripts/lib/cluster/node.ts";
import { matches } from "../../support/log-pattern.ts";

const { pattern } = LOG_FILTERS.find(({ id }) => id === "cluster-splits")!;

/** Lines of a node's log that the alarm cluster-split counts. */
export function alarmLines({ logFile }: ClusterNode): string[] {
  return readFileSync(logFile, "utf8")
    .split("\n")
    .filter((line) => matches(pattern, line));
}
