import { contains, overlaps, parseCidr, part, type Cidr } from "./cidr.ts";

/** What the subnets are made from; ranges in CIDR notation. */
export interface SubnetRequest {
  readonly cidr: string;
  /** @default the first quarter of the VPC */
  readonly publicCidr?: string;
  /** @default the second half of the VPC */
  readonly privateCidr?: string;
  /** How many Availability Zones: so many public and so many private subnets. */
  readonly zones: number;
}

/** One range per zone, in the zones' order; or which setting is wrong, and why. */
export type SubnetPlan =
  | { readonly publicCidrs: readonly string[]; readonly privateCidrs: readonly string[] }
  | { readonly setting: "cidr" | "publicCidr" | "privateCidr"; readonly problem: string };

/** AWS takes VPCs of /16 to /28; below /24 four zones of two subnets of 11 usable addresses do not fit. */
const VPC_PREFIXES = { widest: 16, narrowest: 24 };

/** The narrowest subnet that AWS makes. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const NARROWEST_SUBNET = 28;

/**
 * Cuts a VPC's range into public and private subnets of equal size, one of each per Availability Zone. Adding a zone
 * keeps the ranges of the others as long as the number of zones, rounded up to a power of two, stays.
 */
export function planSubnets({ cidr, publicCidr, privateCidr, zones }: SubnetRequest): SubnetPlan {
  const vpc = parseCidr(cidr);
  if (!vpc) return { setting: "cidr", problem: `"${cidr}" is no IPv4 range` };
  if (vpc.prefix < VPC_PREFIXES.widest || vpc.prefix > VPC_PREFIXES.narrowest)
    return {
      setting: "cidr",
      problem: `must be /${VPC_PREFIXES.widest} to /${VPC_PREFIXES.narrowest}: AWS makes no wider VPC, and narrower ones do not hold the subnets`,
    };

  const bits = Math.ceil(Math.log2(zones));
  const halves = {
    publicCidr: publicCidr === undefined ? part(vpc, 2, 0) : parseCidr(publicCidr),
    privateCidr: privateCidr === undefined ? part(vpc, 1, 1) : parseCidr(privateCidr),
  };
  for (const setting of ["publicCidr", "privateCidr"] as const) {
    const range = halves[setting];
    if (!range) return { setting, problem: "is no IPv4 range" };
    if (!contains(vpc, range)) return { setting, problem: `must lie within the VPC's range, ${vpc.text}` };
    if (range.prefix + bits > NARROWEST_SUBNET)
      return {
        setting,
        problem: `is too narrow for ${zones} subnets: AWS makes none narrower than /${NARROWEST_SUBNET}`,
      };
  }
  const { publicCidr: open, privateCidr: closed } = halves as Record<keyof typeof halves, Cidr>;
  if (overlaps(open, closed))
    return {
      setting: publicCidr === undefined ? "privateCidr" : "publicCidr",
      problem: `overlaps the ${publicCidr === undefined ? `public subnets, ${open.text}` : `private subnets, ${closed.text}`}`,
    };

  const cut = (range: Cidr) => Array.from({ length: zones }, (_, index) => part(range, bits, index).text);
  return { publicCidrs: cut(open), privateCidrs: cut(closed) };
}
