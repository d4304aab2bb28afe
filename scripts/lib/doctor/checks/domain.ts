import { ListResourceRecordSetsCommand, Route53Client, type ResourceRecordSet } from "@aws-sdk/client-route-53";
import { namePrefix } from "../../../../constructs/names.ts";
import { askAws, clientOptions, undefinedOn } from "../../aws/ask.ts";
import { within } from "../../limit.ts";
import type { Check, CheckContext } from "../check.ts";
import { DNS_LIMIT, isNoSuchName } from "../dns.ts";
import { bare } from "../domain.ts";
import { fail, ok, skip, warn, type Finding } from "../row.ts";

/** Where the domain points to: to the load balancer, or nowhere yet. */
export const domainCheck: Check = {
  id: "names.domain",
  group: "Names and certificates",
  what: "DNS record",
  needsAws: true,
  run: async (context) => {
    const { zone } = context.environment.aws.loadBalancer;
    const host = new URL(context.environment.keycloak.url).hostname;
    const [loadBalancer, addresses] = await Promise.all([context.lookups.loadBalancer(), addressesOf(context, host)]);
    const target = loadBalancer?.DNSName;
    if (!target && zone) {
      const occupied = await recordInTheWay(context, zone.id, host);
      if (occupied)
        return fail(
          `${host} has a record of type ${occupied.Type} in the zone, where the deployment makes its own`,
          `Delete that record where it is not used any more, or choose another domain for keycloak.url.`,
        );
    }
    if (addresses === "silent")
      return skip("DNS does not answer this machine", `Ask from elsewhere where ${host} points to: dig ${host}`);
    const record = `${host} CNAME ${target ?? "<load balancer>"}`;
    if (addresses.length === 0) return unknownName({ host, target, zone: zone !== undefined, record });
    if (!target)
      return warn(
        `${host} is ${addresses.join(", ")}, and this environment has no load balancer yet`,
        zone
          ? `The deployment makes the record in the zone; where ${host} then still is somewhere else, look at the row Delegation.`
          : `After the deployment, change it to: ${record}, whose name is the output load_balancer_dns_name.`,
      );
    const targets = await addressesOf(context, target);
    if (targets === "silent" || targets.length === 0)
      return skip(`DNS does not know ${target} here`, `Compare from elsewhere: dig ${host} ${target}`);
    if (addresses.some((address) => targets.includes(address))) return ok(`${host} points to the load balancer`);
    return warn(
      `${host} is ${addresses.join(", ")}, and the load balancer ${targets.join(", ")}`,
      `Where nothing stands in front of the load balancer on purpose, change it to: ${record}`,
    );
  },
};

function unknownName(about: { host: string; target?: string; zone: boolean; record: string }): Finding {
  const { host, target, zone, record } = about;
  if (zone && !target) return ok(`the deployment makes the record of ${host} in the zone`);
  if (zone)
    return warn(
      `${host} is not known here, though the load balancer is there`,
      "Look at the row Delegation. Where that is ok, deploy: the record is made, or made anew.",
    );
  return warn(
    `${host} is not there yet`,
    target
      ? `Make the record: ${record}`
      : `After the deployment, make the record: ${record}, whose name is the output load_balancer_dns_name. The realm ` +
          "can be deployed once it is there.",
  );
}

/** Addresses of a host; none where there is no such name, `silent` where nobody answers. */
async function addressesOf({ dns, signal }: CheckContext, host: string): Promise<readonly string[] | "silent"> {
  try {
    return await within(DNS_LIMIT, "DNS", signal, () => dns.addresses(host));
  } catch (error) {
    signal.throwIfAborted();
    return isNoSuchName(error) ? [] : "silent";
  }
}

/** A record that Route 53 would not take the deployment's beside; one that points to the environment's own does not count. */
async function recordInTheWay(
  { environment, signal }: CheckContext,
  zoneId: string,
  host: string,
): Promise<ResourceRecordSet | undefined> {
  const client = new Route53Client(clientOptions(environment.aws.region));
  const request = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, StartRecordName: host, MaxItems: 20 });
  const answer = await askAws(
    "route53:ListResourceRecordSets",
    signal,
    undefinedOn(["NoSuchHostedZone"], () => client.send(request, { abortSignal: signal })), // the row of the zone says so
  );
  // How AWS names the environment's own load balancer.
  const own = new RegExp(`^(dualstack\\.)?(internal-)?${namePrefix(environment.name)}-\\d+\\.`);
  return answer?.ResourceRecordSets?.find(
    ({ Name, Type, AliasTarget }) =>
      bare(Name ?? "") === host && (Type === "A" || Type === "CNAME") && !own.test(AliasTarget?.DNSName ?? ""),
  );
}
