import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { until } from "./until.ts";

const TABLE = "keycloak_mcp_test";

/** Why ports of this machine cannot be closed, or undefined where they can. */
export async function whyNoFirewall(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return "only root can close ports";
  try {
    const unblock = await block({ from: 1, to: 1 });
    await unblock();
    return undefined;
  } catch {
    return "nft is not installed, or not allowed here";
  }
}

/**
 * Drops every packet to a range of TCP ports on this machine, as a security group without a rule for them does. The rule
 * belongs to a process that ends with this one, however this one ends, and the kernel then takes it away.
 * https://wiki.nftables.org/wiki-nftables/index.php/Configuring_tables
 * @returns what opens them again
 */
export async function block({ from, to }: { from: number; to: number }): Promise<() => Promise<void>> {
  const chain = `chain in { type filter hook input priority 0; policy accept; tcp dport ${from}-${to} drop; };`;
  const nft = spawn("nft", ["--interactive"], { stdio: ["pipe", "ignore", "ignore"] });
  let failure: Error | undefined;
  const ended = new Promise<void>((resolve) => {
    nft.once("exit", () => resolve());
    nft.once("error", (error) => {
      failure = error;
      resolve();
    });
  });
  nft.stdin.on("error", () => undefined);
  nft.stdin.write(`table inet ${TABLE} { flags owner; ${chain} }\n`);
  await until(
    "the ports are closed",
    async () => {
      if (failure) throw failure;
      return promisify(execFile)("nft", ["list", "table", "inet", TABLE]).then(
        () => true,
        () => false,
      );
    },
    5,
  );
  return async () => {
    nft.stdin.end();
    await ended;
  };
}
