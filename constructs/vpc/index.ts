import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc as AwsVpc } from "@cdktf/provider-aws/lib/vpc";
import { Fn, propertyAccess, Token } from "cdktf";
import { Construct } from "constructs";
import { accept } from "../accepted-finding.ts";
import { planSubnets } from "./subnets.ts";

/** Where load balancer, tasks and database are put: a {@link Vpc}, or an existing one. */
export interface Network {
  readonly vpcId: string;
  /** One or more per Availability Zone, two zones at least. */
  readonly privateSubnetIds: readonly string[];
  /** The same; empty where nothing is internet-facing. */
  readonly publicSubnetIds: readonly string[];
}

/** Props of {@link Vpc}. */
export interface VpcProps {
  /** Prefix of the environment's names. */
  readonly name: string;
  /** Range of the VPC in CIDR notation, /16 to /24. */
  readonly cidr: string;
  /** @default the first quarter of the VPC */
  readonly publicCidr?: string;
  /** @default the second half of the VPC */
  readonly privateCidr?: string;
  /** How many Availability Zones (the account's first ones), or their names. */
  readonly availabilityZones: number | readonly string[];
  /** Way out of the private subnets. A NAT gateway costs about 33 USD a month, and 0.045 per GB. */
  readonly natGateways: "one-per-az" | "one" | "none";
}

/** A VPC with a public and a private subnet per Availability Zone. */
export class Vpc extends Construct implements Network {
  readonly vpcId: string;
  readonly privateSubnetIds: readonly string[];
  readonly publicSubnetIds: readonly string[];
  /** Of the private subnets, for a gateway endpoint. */
  readonly privateRouteTableIds: readonly string[];

  /** @throws Error where the ranges do not fit into each other */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: VpcProps,
  ) {
    super(scope, id);
    const zones = this.availabilityZones();
    const plan = planSubnets({ ...props, zones: zones.length });
    if ("problem" in plan) throw new Error(`${id}: ${plan.setting} ${plan.problem}`);

    const vpc = new AwsVpc(this, "vpc", {
      cidrBlock: props.cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true, // private DNS of the interface endpoints needs both
      tags: { Name: props.name },
    });
    this.vpcId = vpc.id;
    // Whatever is put into the VPC without a security group gets this one: it lets nothing in or out.
    new DefaultSecurityGroup(this, "default-security-group", {
      vpcId: vpc.id,
      ingress: [],
      egress: [],
      tags: { Name: `${props.name}-default-unused` },
    });

    const gateway = new InternetGateway(this, "internet-gateway", { vpcId: vpc.id, tags: { Name: props.name } });
    const publicSubnets = this.subnets("public", plan.publicCidrs, zones);
    const publicRoutes = this.routeTable("public", publicSubnets);
    new Route(this, "public-to-internet", {
      routeTableId: publicRoutes.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: gateway.id,
    });

    const privateSubnets = this.subnets("private", plan.privateCidrs, zones);
    const privateRoutes = privateSubnets.map((subnet, index) => this.routeTable(`private-${index + 1}`, [subnet]));
    const natGateways = this.natGateways(publicSubnets, gateway);
    if (natGateways.length > 0)
      privateRoutes.forEach((table, index) => {
        new Route(this, `private-${index + 1}-to-internet`, {
          routeTableId: table.id,
          destinationCidrBlock: "0.0.0.0/0",
          natGatewayId: natGateways[index % natGateways.length]!.id,
        });
      });

    this.publicSubnetIds = publicSubnets.map((subnet) => subnet.id);
    this.privateSubnetIds = privateSubnets.map((subnet) => subnet.id);
    this.privateRouteTableIds = privateRoutes.map((table) => table.id);
  }

  /** Names of the zones, or references to the account's first ones in alphabetical order. */
  private availabilityZones(): string[] {
    const { availabilityZones } = this.props;
    if (typeof availabilityZones !== "number") return [...availabilityZones];
    const available = new DataAwsAvailabilityZones(this, "available", {
      state: "available",
      filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }], // no Local Zones
    });
    accept(available, "CKV_AWS_394", "a zone that AWS opens changes nothing: the subnets ignore the change");
    // Terraform's element() begins again at the first zone where there are too few; an index fails, and in the plan.
    const names = Fn.sort(available.names);
    return Array.from({ length: availabilityZones }, (_, index) => Token.asString(propertyAccess(names, [index])));
  }

  private subnets(kind: "public" | "private", cidrs: readonly string[], zones: readonly string[]): Subnet[] {
    const counted = typeof this.props.availabilityZones === "number";
    return cidrs.map(
      (cidrBlock, index) =>
        new Subnet(this, `${kind}-${index + 1}`, {
          vpcId: this.vpcId,
          cidrBlock,
          availabilityZone: zones[index]!,
          mapPublicIpOnLaunch: false,
          tags: { Name: `${this.props.name}-${kind}-${index + 1}` },
          // A zone that AWS opens later can come first in the alphabet: the subnets and what is in them stay.
          ...(counted && { lifecycle: { ignoreChanges: ["availability_zone"] } }),
        }),
    );
  }

  private routeTable(id: string, subnets: readonly Subnet[]): RouteTable {
    const table = new RouteTable(this, `${id}-routes`, {
      vpcId: this.vpcId,
      tags: { Name: `${this.props.name}-${id}` },
    });
    subnets.forEach((subnet, index) => {
      const suffix = subnets.length > 1 ? `-${index + 1}` : "";
      new RouteTableAssociation(this, `${id}-routes-of-subnet${suffix}`, {
        subnetId: subnet.id,
        routeTableId: table.id,
      });
    });
    return table;
  }

  private natGateways(publicSubnets: readonly Subnet[], gateway: InternetGateway): NatGateway[] {
    const count = { "one-per-az": publicSubnets.length, one: 1, none: 0 }[this.props.natGateways];
    return publicSubnets.slice(0, count).map((subnet, index) => {
      const tags = { Name: `${this.props.name}-${index + 1}` };
      const address = new Eip(this, `nat-address-${index + 1}`, { domain: "vpc", tags, dependsOn: [gateway] });
      return new NatGateway(this, `nat-gateway-${index + 1}`, {
        subnetId: subnet.id,
        allocationId: address.id,
        tags,
        dependsOn: [gateway],
      });
    });
  }
}
