import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { contains, overlaps, parseCidr } from "../../../constructs/vpc/cidr.ts";
import { planSubnets, type SubnetRequest } from "../../../constructs/vpc/subnets.ts";

/** The plan's subnets, or its problem. */
function planned(request: SubnetRequest) {
  const plan = planSubnets(request);
  return "problem" in plan ? `${plan.setting} ${plan.problem}` : plan;
}

describe("subnets", () => {
  test.each<[string, SubnetRequest, string[], string[]]>([
    [
      "two zones of the default VPC",
      { cidr: "10.0.0.0/16", zones: 2 },
      ["10.0.0.0/19", "10.0.32.0/19"],
      ["10.0.128.0/18", "10.0.192.0/18"],
    ],
    [
      "three zones, with room for a fourth",
      { cidr: "10.0.0.0/16", zones: 3 },
      ["10.0.0.0/20", "10.0.16.0/20", "10.0.32.0/20"],
      ["10.0.128.0/19", "10.0.160.0/19", "10.0.192.0/19"],
    ],
    [
      "four zones of the narrowest VPC",
      { cidr: "192.168.1.0/24", zones: 4 },
      ["192.168.1.0/28", "192.168.1.16/28", "192.168.1.32/28", "192.168.1.48/28"],
      ["192.168.1.128/27", "192.168.1.160/27", "192.168.1.192/27", "192.168.1.224/27"],
    ],
    [
      "ranges of one's own",
      { cidr: "10.0.0.0/16", publicCidr: "10.0.255.0/27", privateCidr: "10.0.0.0/20", zones: 2 },
      ["10.0.255.0/28", "10.0.255.16/28"],
      ["10.0.0.0/21", "10.0.8.0/21"],
    ],
  ])("%s", (_, request, publicCidrs, privateCidrs) => {
    expect(planned(request)).toEqual({ publicCidrs, privateCidrs });
  });

  test("a fourth zone leaves those of the first three where they are", () => {
    const [three, four] = [3, 4].map((zones) => planned({ cidr: "10.0.0.0/16", zones })) as [object, object];
    for (const [kind, ranges] of Object.entries(three) as [string, string[]][])
      expect((four as Record<string, string[]>)[kind]!.slice(0, 3)).toEqual(ranges);
  });
});

describe("what does not fit", () => {
  const WIDTH = "cidr must be /16 to /24: AWS makes no wider VPC, and narrower ones do not hold the subnets";
  test.each<[SubnetRequest, string]>([
    [{ cidr: "10.0.0.0/15", zones: 2 }, WIDTH],
    [{ cidr: "10.0.0.0/25", zones: 2 }, WIDTH],
    [{ cidr: "10.0.0.0", zones: 2 }, 'cidr "10.0.0.0" is no IPv4 range'],
    [{ cidr: "10.0.0.0/16", publicCidr: "x", zones: 2 }, "publicCidr is no IPv4 range"],
    [
      { cidr: "10.0.0.0/16", publicCidr: "10.1.0.0/20", zones: 2 },
      "publicCidr must lie within the VPC's range, 10.0.0.0/16",
    ],
    [
      { cidr: "10.0.0.0/16", privateCidr: "10.0.0.0/26", zones: 5 },
      "privateCidr is too narrow for 5 subnets: AWS makes none narrower than /28",
    ],
    [
      { cidr: "10.0.0.0/16", privateCidr: "10.0.0.0/17", zones: 2 },
      "privateCidr overlaps the public subnets, 10.0.0.0/18",
    ],
    [
      { cidr: "10.0.0.0/16", publicCidr: "10.0.0.0/16", zones: 2 },
      "publicCidr overlaps the private subnets, 10.0.128.0/17",
    ],
  ])("%j", (request, problem) => expect(planned(request)).toBe(problem));
});

/** A request of settings that are ranges; they need not fit into each other. */
const request: fc.Arbitrary<SubnetRequest> = fc
  .record({ address: fc.ipV4(), prefix: fc.integer({ min: 14, max: 26 }), zones: fc.integer({ min: 2, max: 4 }) })
  .chain(({ address, prefix, zones }) => {
    const { text: cidr, first } = parseCidr(`${address}/${prefix}`)!;
    const inside = fc
      .record({ offset: fc.nat(2 ** (32 - prefix) - 1), length: fc.integer({ min: prefix, max: 29 }) })
      .map(({ offset, length }) => {
        const octets = [24, 16, 8, 0].map((shift) => Math.floor((first + offset) / 2 ** shift) % 256);
        return parseCidr(`${octets.join(".")}/${length}`)!.text;
      });
    const maybe = fc.option(inside, { nil: undefined });
    return fc.record({ cidr: fc.constant(cidr), publicCidr: maybe, privateCidr: maybe, zones: fc.constant(zones) });
  });

test("whatever the ranges are: subnets that AWS makes, in their range, none over another; or a problem", () => {
  let plans = 0;
  fc.assert(
    fc.property(request, (wanted) => {
      const plan = planSubnets(wanted);
      if ("problem" in plan) return;
      plans++;
      const [open, closed] = [plan.publicCidrs, plan.privateCidrs].map((all) =>
        all.map((text) => parseCidr(text)!),
      ) as [NonNullable<ReturnType<typeof parseCidr>>[], NonNullable<ReturnType<typeof parseCidr>>[]];
      expect([open.length, closed.length]).toEqual([wanted.zones, wanted.zones]);
      const all = [...open, ...closed];
      expect(all.every(({ prefix }) => prefix >= 16 && prefix <= 28)).toBe(true);
      expect(all.every((subnet) => contains(parseCidr(wanted.cidr)!, subnet))).toBe(true);
      if (wanted.publicCidr)
        expect(open.every((subnet) => contains(parseCidr(wanted.publicCidr!)!, subnet))).toBe(true);
      if (wanted.privateCidr)
        expect(closed.every((subnet) => contains(parseCidr(wanted.privateCidr!)!, subnet))).toBe(true);
      for (const [index, one] of all.entries())
        expect(all.slice(index + 1).some((other) => overlaps(one, other))).toBe(false);
    }),
    { numRuns: 500 },
  );
  expect(plans).toBeGreaterThan(20);
});

test("every VPC of /16 to /24 holds the subnets of two to four zones", () => {
  for (let prefix = 16; prefix <= 24; prefix++)
    for (const zones of [2, 3, 4])
      expect(planned({ cidr: `10.0.0.0/${prefix}`, zones })).toHaveProperty("publicCidrs.length", zones);
});
