import { within } from "../../limit.ts";
import type { Check, CheckContext } from "../check.ts";
import { DNS_LIMIT, isNoSuchName } from "../dns.ts";
import { bare } from "../domain.ts";
import { fail, ok, skip, warn, type Finding } from "../row.ts";

const common = {
  group: "Names and certificates",
  applies: ({ aws }) => aws.loadBalancer.zone !== undefined,
  needsAws: true,
} as const satisfies Partial<Check>;

/** The hosted zone that the environment names, and whether the internet asks it. */
export const zoneChecks: readonly Check[] = [
  {
    ...common,
    id: "names.zone",
    what: "Hosted zone",
    unknown: "fail", // Terraform looks at it before it makes the record
    run: async ({ environment: { name, aws }, lookups }) => {
      const { zone, certificateArn, internal } = aws.loadBalancer;
      const { id, name: domain } = zone!;
      const there = (await lookups.hostedZone())?.HostedZone;
      const file = `environments/${name}.ts`;
      if (!there) return fail(`there is no ${id} in this account`, `Change aws.loadBalancer.zone in ${file}.`);
      if (bare(there.Name!) !== domain)
        return fail(`${id} is ${bare(there.Name!)}, not ${domain}`, `Change aws.loadBalancer.zone in ${file}.`);
      if (!there.Config?.PrivateZone) return ok(`${domain} (${id})`);
      const found = `${id} is a private zone`;
      if (!certificateArn)
        return fail(
          `${found}, where ACM cannot see the record that proves the certificate`,
          `Name the domain's public zone, or a certificate of its own in aws.loadBalancer.certificateArn, in ${file}.`,
        );
      if (!internal)
        return warn(
          `${found}, and the load balancer is for the internet, which cannot look its name up`,
          `Name the domain's public zone in ${file}, or set aws.loadBalancer.internal.`,
        );
      return ok(`${domain} (${id}, private)`);
    },
  },
  {
    ...common,
    id: "names.delegation",
    what: "Delegation",
    run: async (context) => {
      const zone = await context.lookups.hostedZone();
      const servers = zone?.DelegationSet?.NameServers;
      if (!zone) return skip("not looked at, without the zone", "Mend the row Hosted zone first.");
      if (!servers) return ok("a private zone has none");
      return delegation(context, servers);
    },
  },
];

async function delegation({ environment, dns, signal }: CheckContext, servers: readonly string[]): Promise<Finding> {
  const { name: domain } = environment.aws.loadBalancer.zone!;
  const expected = servers.map(bare).sort();
  const mend = `Where ${domain} is registered, or in the zone above it, the NS record must be: ${expected.join(", ")}`;
  try {
    const answer = await within(DNS_LIMIT, "DNS", signal, () => dns.nameServers(domain));
    const told = answer.map(bare).sort();
    if (told.join() === expected.join()) return ok(`${domain} is asked of this zone's name servers`);
    return warn(`${domain} is asked of ${told.join(", ")}, which are not this zone's`, mend);
  } catch (error) {
    signal.throwIfAborted();
    if (isNoSuchName(error)) return warn(`no name server is known for ${domain}: nobody asks this zone`, mend);
    return skip("DNS does not answer this machine", `Ask from elsewhere: dig NS ${domain}. ${mend}`);
  }
}
