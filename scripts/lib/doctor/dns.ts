import { lookup, Resolver } from "node:dns/promises";

/** What the doctor asks the domain name system. */
export interface Dns {
  /** Addresses of a host, as programs of this machine get them. */
  addresses(host: string): Promise<readonly string[]>;
  /** Name servers that the internet is told for a domain. */
  nameServers(domain: string): Promise<readonly string[]>;
}

/** Milliseconds for an answer. */
export const DNS_LIMIT = 5_000;

/** The resolver that this machine is set up with. */
export const systemDns: Dns = {
  addresses: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  nameServers: (domain) => new Resolver({ timeout: 2_000, tries: 2 }).resolveNs(domain),
};

/** Whether an error means that there is no such name; others mean that nobody answered. */
export function isNoSuchName(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === "ENOTFOUND" || code === "ENODATA";
}
