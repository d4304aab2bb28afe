import { execFileSync } from "node:child_process";

const TABLE = "keycloak_mcp_test";

/** Why ports of this machine cannot be closed, or undefined where they can. */
export function whyNoFirewall(): string | undefined {
  if (process.getuid?.() !== 0) return "only root can close ports";
  try {
    const unblock = block({ from: 1, to: 1 });
    unblock();
    return undefined;
  } catch {
    return "nft is not installed, or not allowed here";
  }
}

/**
 * Drops every packet to a range of TCP ports on this machine, as a security group without a rule for them does.
 * @returns what opens them again
 */
export function block({ from, to }: { from: number; to: number }): () => void {
  const chain = `type filter hook input priority 0; policy accept;\n tcp dport ${from}-${to} drop`;
  execFileSync("nft", ["-f", "-"], {
    input: `table inet ${TABLE} {\n chain in {\n ${chain}\n }\n}\n`,
    stdio: ["pipe", "ignore", "ignore"],
  });
  let open = false;
  return () => {
    if (open) return;
    open = true;
    execFileSync("nft", ["delete", "table", "inet", TABLE], { stdio: "ignore" });
  };
}
