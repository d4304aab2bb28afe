import { pc } from "../terminal/colours.ts";
import { differenceLine } from "../drift/difference.ts";
import type { FixResult } from "./fix.ts";
import type { ConfigChange, PolicyChange } from "./plan.ts";

/** One change on one line: `~ Allowed Client Scopes (anonymous): + mcp:run, + openid`. */
export function changeLine(change: PolicyChange): string {
  switch (change.action) {
    case "restore":
      return `${pc.yellow("~")} ${change.title}: ${change.differences.map(differenceLine).join("; ")}`;
    case "create":
      return `${pc.green("+")} ${change.title}: is missing, will be created`;
    case "update":
      return `${pc.yellow("~")} ${change.title}: ${change.changes.map((entry) => values(entry, change.changes.length > 1)).join("; ")}`;
    case "delete":
      return `${pc.red("-")} ${change.title}: will be removed, because ${change.reason}`;
    case "list":
      return `${pc.yellow("~")} scope ${change.title}: will be listed by discovery`;
    case "unlist":
      return `${pc.yellow("~")} scope ${change.title}: will no longer be listed by discovery`;
  }
}

function values(entry: ConfigChange, withKey: boolean): string {
  const list = [
    ...entry.added.map((value) => pc.green(`+ ${value}`)),
    ...entry.removed.map((value) => pc.red(`- ${value}`)),
  ].join(", ");
  return withKey ? `${entry.key}: ${list}` : list;
}

/** The result for machines: no more than the table shows. */
export function fixReport(result: FixResult, about: { environment: string; url: string; realm: string }) {
  return {
    ...about,
    applied: result.applied,
    changes: result.changes.map((change) => ({
      action: change.action,
      policy: change.title,
      ...(change.action === "update"
        ? { config: change.changes.map(({ key, added, removed }) => ({ key, added, removed })) }
        : {}),
      ...(change.action === "restore" ? { differences: change.differences.map(differenceLine) } : {}),
    })),
    unavailable: result.unavailable,
  };
}
