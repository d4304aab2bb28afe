import { z } from "zod";
import { ipv4Cidr } from "./cidr.ts";
import { isSiteLocal, parseCidr } from "../../../constructs/vpc/cidr.ts";
import { planSubnets } from "../../../constructs/vpc/subnets.ts";
import type { StageDefaults } from "./stage.ts";

const zoneName = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, 'must be an Availability Zone, such as "eu-central-1a"');

const ZONES = 'must be 2, 3 or 4, or a list of 2 to 4 different zones such as ["us-east-1a", "us-east-1b"]';

const existingVpc = z.strictObject({
  /** The VPC; its DNS resolution must be on. */
  vpcId: z.string().regex(/^vpc-[0-9a-f]{8,17}$/, 'must be a VPC\'s id, such as "vpc-0123456789abcdef0"'),
  /** Subnets of two or more Availability Zones, for tasks and database; they need a way to ECR, SSM and CloudWatch. */
  privateSubnetIds: subnetIds("privateSubnetIds"),
  /** Subnets with a route to an internet gateway, for an internet-facing load balancer. @default none */
  publicSubnetIds: subnetIds("publicSubnetIds").optional(),
});

function subnetIds(what: string) {
  return z
    .array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/, 'must be a subnet\'s id, such as "subnet-0123456789abcdef0"'))
    .min(2, `${what} must name subnets in at least two Availability Zones`)
    .refine((ids) => new Set(ids).size === ids.length, "must not name a subnet twice");
}

/** The VPC: one of its own, or an existing one. */
export const network = z
  .strictObject({
    /** Range of the VPC, of a private network (RFC 1918), /16 to /24. @default "10.0.0.0/16" */
    cidr: ipv4Cidr().optional(),
    /** Part of the VPC's range for public subnets. @default its first quarter */
    publicCidr: ipv4Cidr().optional(),
    /** Part of the VPC's range for private subnets: tasks and database. @default its second half */
    privateCidr: ipv4Cidr().optional(),
    /**
     * How many Availability Zones (2 to 4), or which: names keep the subnets where they are even when AWS opens a
     * new zone. @default 2
     */
    availabilityZones: z
      .union(
        [
          z.int().min(2, ZONES).max(4, ZONES),
          z
            .array(zoneName)
            .min(2, ZONES)
            .max(4, ZONES)
            .refine((names) => new Set(names).size === names.length, ZONES),
        ],
        { error: ZONES },
      )
      .optional(),
    /**
     * The way out of the private subnets: one NAT gateway per zone survives the loss of a zone, `one` costs a half or
     * less, `none` leaves only the VPC endpoints. @default "one-per-az" in production, "one" in development
     */
    natGateways: z.enum(["one-per-az", "one", "none"]).optional(),
    /**
     * Private endpoints of ECR, CloudWatch Logs and SSM: images and secrets do not cross the NAT gateway. About 8 USD
     * a month for each of the four per zone. @default true in production, false in development
     */
    interfaceEndpoints: z.boolean().optional(),
    /** Days that flow logs are kept; 0 turns them off. @default 30 */
    flowLogRetentionDays: z.literal([0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731]).optional(),
    /** A VPC that is there already, instead of one of its own. @default none */
    existingVpc: existingVpc.optional(),
  })
  .superRefine((value, context) => {
    const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
    if (value.existingVpc) {
      for (const [key, setting] of Object.entries(value))
        if (key !== "existingVpc" && setting !== undefined)
          refuse([key], "does not go with existingVpc, whose owner decides about it: leave it out");
      return;
    }
    const ranges = [value.cidr, value.publicCidr, value.privateCidr];
    const readable = ranges.every((range) => range === undefined || parseCidr(range));
    const plan = planSubnets({ ...value, cidr: value.cidr ?? DEFAULT_CIDR, zones: zoneCount(value.availabilityZones) });
    if (readable && "problem" in plan) refuse([plan.setting], plan.problem);
    const range = parseCidr(value.cidr ?? DEFAULT_CIDR);
    if (range && !isSiteLocal(range))
      refuse(
        ["cidr"],
        `${JSON.stringify(value.cidr)} is not of a private network (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16): Keycloak's ` +
          "nodes find each other on such addresses only",
      );
    if (value.natGateways === "none" && value.interfaceEndpoints === false)
      refuse(["interfaceEndpoints"], 'must be true where natGateways is "none": tasks could not pull their image');
  });

const DEFAULT_CIDR = "10.0.0.0/16";

function zoneCount(zones: number | readonly string[] = 2): number {
  return typeof zones === "number" ? zones : zones.length;
}

/** Fills the defaults in, and tells an own network from an existing one. */
export function resolveNetwork({ existingVpc: existing, ...own }: z.output<typeof network>, stage: StageDefaults) {
  if (existing) return { kind: "existing", ...existing } as const;
  const natGateways = own.natGateways ?? stage.natGateways;
  return {
    kind: "own",
    ...own,
    cidr: own.cidr ?? DEFAULT_CIDR,
    availabilityZones: own.availabilityZones ?? 2,
    natGateways,
    interfaceEndpoints: own.interfaceEndpoints ?? (natGateways === "none" || stage.interfaceEndpoints),
    flowLogRetentionDays: own.flowLogRetentionDays ?? 30,
  } as const;
}
