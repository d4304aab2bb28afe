import type { AwsEnvironment } from "../../../../environments/schema/aws/index.ts";
import type { Check, CheckContext } from "../check.ts";
import { NetworkInventory } from "../network.ts";
import { ELASTIC_IPS, limitOf, NAT_GATEWAYS_PER_ZONE, overflow, quotaFinding, VPCS_PER_REGION } from "../quota.ts";
import { fail, ok } from "../row.ts";

type OwnNetwork = Extract<AwsEnvironment["network"], { kind: "own" }>;

const common = {
  group: "AWS account",
  applies: ({ aws }) => aws.network.kind === "own",
  needsAws: true,
} as const satisfies Partial<Check>;

/** Zones, and room for a VPC with what is in it; internet gateways have the VPCs' quota. */
export const ownNetworkChecks: readonly Check[] = [
  {
    ...common,
    id: "aws.zones",
    what: "Availability Zones",
    run: async (context) => {
      const { availabilityZones } = network(context);
      const there = (await inventory(context).zones()).map(({ ZoneName }) => ZoneName!);
      const file = `environments/${context.environment.name}.ts`;
      const mend = `Change aws.network.availabilityZones in ${file}.`;
      if (typeof availabilityZones !== "number") {
        const foreign = availabilityZones.filter((zone) => !there.includes(zone));
        if (foreign.length > 0) return fail(`no zone ${foreign.join(", ")}, only ${there.join(", ")}`, mend);
        return ok(availabilityZones.join(", "));
      }
      if (there.length < availabilityZones)
        return fail(`${availabilityZones} are wanted, and there are only ${there.join(", ")}`, mend);
      return ok(`${availabilityZones} of ${there.length}: ${there.slice(0, availabilityZones).join(", ")}`);
    },
  },
  {
    ...common,
    id: "aws.vpcs",
    what: "Room for a VPC",
    run: async (context) => {
      const [{ all, own }, about] = await Promise.all([inventory(context).vpcs(), limit(VPCS_PER_REGION, context)]);
      return quotaFinding({ ...about, used: all, own, wanted: 1 });
    },
  },
  {
    ...common,
    id: "aws.addresses",
    what: "Elastic IPs",
    run: async (context) => {
      const [{ all, own }, about] = await Promise.all([inventory(context).addresses(), limit(ELASTIC_IPS, context)]);
      return quotaFinding({ ...about, used: all, own, wanted: natGatewayCount(network(context)) });
    },
  },
  {
    ...common,
    id: "aws.nat-gateways",
    what: "NAT gateways",
    run: async (context) => {
      const [byZone, zones, about] = await Promise.all([
        inventory(context).natGateways(),
        zonesFor(context),
        limit(NAT_GATEWAYS_PER_ZONE, context),
      ]);
      const none = { all: 0, own: 0 };
      const uses = zones.slice(0, natGatewayCount(network(context))).map((zone) => {
        const { all, own } = byZone.get(zone) ?? none;
        return { ...about, used: all, own, wanted: 1, where: `in ${zone}` };
      });
      // The fullest zone stands for all of them.
      const fullest = uses.sort((a, b) => overflow(b) - overflow(a) || b.used - a.used)[0];
      return quotaFinding(fullest ?? { ...about, used: 0, own: 0, wanted: 0 });
    },
  },
];

/** How many NAT gateways, each with an address, a network has; the first zones get them. */
export function natGatewayCount({
  natGateways,
  availabilityZones,
}: Pick<OwnNetwork, "natGateways" | "availabilityZones">): number {
  const zones = typeof availabilityZones === "number" ? availabilityZones : availabilityZones.length;
  return { "one-per-az": zones, one: 1, none: 0 }[natGateways];
}

async function zonesFor(context: CheckContext): Promise<readonly string[]> {
  const { availabilityZones } = network(context);
  if (typeof availabilityZones !== "number") return availabilityZones;
  return (await inventory(context).zones()).slice(0, availabilityZones).map(({ ZoneName }) => ZoneName!);
}

async function limit(quota: typeof VPCS_PER_REGION, { environment, signal }: CheckContext) {
  const { region } = environment.aws;
  return { quota, region, limit: await limitOf(quota, region, signal) };
}

function network({ environment }: CheckContext): OwnNetwork {
  return environment.aws.network as OwnNetwork;
}

function inventory({ environment, signal }: CheckContext): NetworkInventory {
  return new NetworkInventory(environment, signal);
}
