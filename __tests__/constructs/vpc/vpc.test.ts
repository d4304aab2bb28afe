import { describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { Vpc, type VpcProps } from "../../../constructs/vpc/index.ts";
import { synthConstruct, type Template } from "../../support/template.ts";

const PROPS: VpcProps = {
  name: "keycloak-test",
  cidr: "10.0.0.0/16",
  availabilityZones: 2,
  natGateways: "one-per-az",
};

const vpc = (changes: Partial<VpcProps> = {}) =>
  synthConstruct((scope) => new Vpc(scope, "vpc", { ...PROPS, ...changes }));

const KINDS = ["public", "private"] as const;

/** Where packets to the internet go from each subnet, by the route table that it is in. */
function waysOut(template: Template): Record<string, unknown> {
  const [tables, routes] = [template.byId("aws_route_table_association"), template.byId("aws_route")];
  return Object.fromEntries(
    Object.values(tables).map(({ subnet_id: subnet, route_table_id: table }) => {
      const route = Object.values(routes).find((one) => one.route_table_id === table);
      return [named(subnet), named(route?.gateway_id ?? route?.nat_gateway_id)];
    }),
  );
}

/** `${aws_subnet.vpc_private-1.id}` → `private-1` */
function named(reference: unknown): string {
  return /\.vpc_([a-z0-9-]+)\./.exec(String(reference))?.[1] ?? "nowhere";
}

describe("a VPC", () => {
  test.each([2, 3, 4])("with %d zones has a public and a private subnet in each", (availabilityZones) => {
    const subnets = vpc({ availabilityZones }).byId("aws_subnet");
    const zones = KINDS.map((kind) =>
      Array.from({ length: availabilityZones }, (_, index) => subnets[`vpc_${kind}-${index + 1}`]!.availability_zone),
    );
    expect(Object.keys(subnets)).toHaveLength(2 * availabilityZones);
    expect(zones[0]).toEqual(zones[1]);
    expect(new Set(zones[0]).size).toBe(availabilityZones);
  });

  test("gives nothing a public address by itself", () => {
    for (const subnet of Object.values(vpc().byId("aws_subnet"))) expect(subnet.map_public_ip_on_launch).toBe(false);
  });

  test("has the range that it is given, and everything is in it, called by the environment's name", () => {
    const template = vpc();
    expect(template.resource("aws_vpc").cidr_block).toBe("10.0.0.0/16");
    for (const type of ["aws_subnet", "aws_route_table", "aws_internet_gateway", "aws_default_security_group"])
      for (const one of Object.values(template.byId(type)))
        expect(one).toMatchObject({
          vpc_id: "${aws_vpc.vpc.id}",
          tags: { Name: expect.stringMatching(/^keycloak-test(-(public|private)(-[12])?|-default-unused)?$/) },
        });
  });

  test("has the DNS that private names of interface endpoints need", () => {
    expect(vpc().resource("aws_vpc")).toMatchObject({ enable_dns_support: true, enable_dns_hostnames: true });
  });

  test("takes every rule from the default security group, which is what a careless resource gets", () => {
    // Without the two empty lists Terraform would leave AWS's rules: everything out, everything in from each other.
    expect(vpc().byId("aws_default_security_group")).toMatchObject({
      "vpc_default-security-group": { vpc_id: "${aws_vpc.vpc.id}", ingress: [], egress: [] },
    });
  });

  test("cuts its range as the environment says", () => {
    const cidrs = (changes: Partial<VpcProps>) =>
      Object.fromEntries(
        Object.entries(vpc(changes).byId("aws_subnet")).map(([id, subnet]) => [id, subnet.cidr_block]),
      );
    expect(cidrs({})).toEqual({
      "vpc_public-1": "10.0.0.0/19",
      "vpc_public-2": "10.0.32.0/19",
      "vpc_private-1": "10.0.128.0/18",
      "vpc_private-2": "10.0.192.0/18",
    });
    expect(cidrs({ publicCidr: "10.0.255.0/25", privateCidr: "10.0.0.0/20" })).toEqual({
      "vpc_public-1": "10.0.255.0/26",
      "vpc_public-2": "10.0.255.64/26",
      "vpc_private-1": "10.0.0.0/21",
      "vpc_private-2": "10.0.8.0/21",
    });
  });

  test.each<[string, Partial<VpcProps>, string]>([
    ["no range", { cidr: "10.0.0.0" }, 'vpc: cidr "10.0.0.0" is no IPv4 range'],
    ["a range that AWS does not make", { cidr: "10.0.0.0/8" }, "vpc: cidr must be /16 to /24"],
    [
      "a part that is elsewhere",
      { publicCidr: "10.1.0.0/20" },
      "vpc: publicCidr must lie within the VPC's range, 10.0.0.0/16",
    ],
    [
      "parts over each other",
      { privateCidr: "10.0.0.0/18" },
      "vpc: privateCidr overlaps the public subnets, 10.0.0.0/18",
    ],
  ])("is refused with %s, by the setting's name", (_, changes, message) => {
    expect(() => vpc(changes)).toThrow(message);
  });
});

describe("zones by number", () => {
  test("are the account's first ones, without the Local Zones of a city", () => {
    expect(vpc().byId("data.aws_availability_zones")).toMatchObject({
      vpc_available: { state: "available", filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }] },
    });
  });

  test("are asked for by their place, so that a Region with too few of them fails in the plan", () => {
    // With element(), which goes round in circles, two subnets of the load balancer would be in one zone: AWS refuses
    // that, but only once the VPC is there.
    const subnets = vpc({ availabilityZones: 3 }).byId("aws_subnet");
    expect(subnets["vpc_public-3"]!.availability_zone).toBe(
      "${sort(data.aws_availability_zones.vpc_available.names).2}",
    );
  });

  test("stay where they are when AWS opens another: its name could come first, and replace every subnet", () => {
    for (const subnet of Object.values(vpc().byId("aws_subnet")))
      expect(subnet.lifecycle).toEqual({ ignore_changes: ["availability_zone"] });
  });
});

test("zones by name are taken as they are, in their order, and a change of them is no accident", () => {
  const template = vpc({ availabilityZones: ["eu-central-1c", "eu-central-1a"] });
  expect(template.json.data).toBeUndefined();
  for (const kind of KINDS)
    expect([1, 2].map((number) => template.byId("aws_subnet")[`vpc_${kind}-${number}`])).toMatchObject([
      { availability_zone: "eu-central-1c" },
      { availability_zone: "eu-central-1a" },
    ]);
  for (const subnet of template.resources("aws_subnet")) expect(subnet).not.toHaveProperty("lifecycle");
});

describe("the way out of the subnets", () => {
  const open = { "public-1": "internet-gateway", "public-2": "internet-gateway", "public-3": "internet-gateway" };

  test.each([
    ["one-per-az", { "private-1": "nat-gateway-1", "private-2": "nat-gateway-2", "private-3": "nat-gateway-3" }],
    ["one", { "private-1": "nat-gateway-1", "private-2": "nat-gateway-1", "private-3": "nat-gateway-1" }],
    ["none", { "private-1": "nowhere", "private-2": "nowhere", "private-3": "nowhere" }],
  ] as const)("with natGateways: %j", (natGateways, closed) => {
    const template = vpc({ availabilityZones: 3, natGateways });
    const gateways = new Set(Object.values(closed).filter((way) => way !== "nowhere"));
    expect(waysOut(template)).toEqual({ ...open, ...closed });
    expect(template.resources("aws_nat_gateway")).toHaveLength(gateways.size);
    expect(template.resources("aws_eip")).toHaveLength(gateways.size); // each costs money, used or not
  });

  test("is within one zone: a NAT gateway is in the public subnet beside the private one", () => {
    const gateways = vpc().byId("aws_nat_gateway");
    for (const number of [1, 2])
      expect(gateways[`vpc_nat-gateway-${number}`]).toMatchObject({
        subnet_id: `\${aws_subnet.vpc_public-${number}.id}`,
        allocation_id: `\${aws_eip.vpc_nat-address-${number}.id}`,
        depends_on: ["aws_internet_gateway.vpc_internet-gateway"], // AWS refuses one in a VPC without
      });
  });

  test("is the whole internet, and only that", () => {
    for (const route of vpc().resources("aws_route")) expect(route.destination_cidr_block).toBe("0.0.0.0/0");
  });
});

test("what others get of it are ids in the zones' order, and the private route tables for a gateway endpoint", () => {
  const template = synthConstruct((scope) => {
    const { vpcId, publicSubnetIds, privateSubnetIds, privateRouteTableIds } = new Vpc(scope, "vpc", PROPS);
    new TerraformOutput(scope, "ids", { value: [vpcId, publicSubnetIds, privateSubnetIds, privateRouteTableIds] });
  });
  expect(template.outputs().ids).toEqual([
    "${aws_vpc.vpc.id}",
    ["${aws_subnet.vpc_public-1.id}", "${aws_subnet.vpc_public-2.id}"],
    ["${aws_subnet.vpc_private-1.id}", "${aws_subnet.vpc_private-2.id}"],
    ["${aws_route_table.vpc_private-1-routes.id}", "${aws_route_table.vpc_private-2-routes.id}"],
  ]);
});
