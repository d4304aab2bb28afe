import {
  EC2Client,
  paginateDescribeNatGateways,
  paginateDescribeSubnets,
  paginateDescribeVpcs,
  DescribeAddressesCommand,
  DescribeAvailabilityZonesCommand,
  type AvailabilityZone,
  type NatGateway,
  type Subnet,
  type Tag,
} from "@aws-sdk/client-ec2";
import { environmentTags, type EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { askAws, clientOptions } from "../aws/ask.ts";

/** Things of one kind: all that there are, and those of the environment. */
export interface Count {
  readonly all: number;
  readonly own: number;
}

/** What is there of a Region's networks; all throw UserError where AWS refuses. */
export class NetworkInventory {
  private readonly client: EC2Client;
  private readonly environment: string;

  constructor(
    { name, aws }: EnvironmentOnAws,
    private readonly signal: AbortSignal,
  ) {
    this.client = new EC2Client(clientOptions(aws.region));
    this.environment = name;
  }

  async vpcs(): Promise<Count> {
    const vpcs = await this.pages("ec2:DescribeVpcs", paginateDescribeVpcs, ({ Vpcs }) => Vpcs);
    return this.count(vpcs);
  }

  /** Elastic IP addresses. */
  async addresses(): Promise<Count> {
    const { Addresses = [] } = await askAws("ec2:DescribeAddresses", this.signal, () =>
      this.client.send(new DescribeAddressesCommand({}), { abortSignal: this.signal }),
    );
    return this.count(Addresses);
  }

  /** NAT gateways by Availability Zone; those that are gone or have failed do not count. */
  async natGateways(): Promise<ReadonlyMap<string, Count>> {
    const [gateways, subnets] = await Promise.all([
      this.pages("ec2:DescribeNatGateways", paginateDescribeNatGateways, ({ NatGateways }) => NatGateways),
      this.pages("ec2:DescribeSubnets", paginateDescribeSubnets, ({ Subnets }) => Subnets),
    ]);
    const zoneOf = new Map(subnets.map(({ SubnetId, AvailabilityZone: zone }) => [SubnetId!, zone!]));
    const alive = gateways.filter(({ State }) => State === "pending" || State === "available" || State === "deleting");
    const zoneOfGateway = ({ SubnetId }: NatGateway) => zoneOf.get(SubnetId ?? "") ?? "";
    const zones = new Set(alive.map(zoneOfGateway));
    return new Map(
      [...zones].map((zone) => [zone, this.count(alive.filter((one) => zoneOfGateway(one) === zone))] as const),
    );
  }

  /** Availability Zones of the Region that the account may use, no Local Zones, in alphabetical order. */
  async zones(): Promise<readonly AvailabilityZone[]> {
    const { AvailabilityZones = [] } = await askAws("ec2:DescribeAvailabilityZones", this.signal, () =>
      this.client.send(new DescribeAvailabilityZonesCommand({ Filters: [{ Name: "state", Values: ["available"] }] }), {
        abortSignal: this.signal,
      }),
    );
    return AvailabilityZones.filter(
      ({ OptInStatus = "opt-in-not-required" }) => OptInStatus === "opt-in-not-required",
    ).sort((a, b) => a.ZoneName!.localeCompare(b.ZoneName!));
  }

  private count(ones: readonly { readonly Tags?: Tag[] }[]): Count {
    const { Project, Environment } = environmentTags(this.environment);
    const has = (tags: Tag[] | undefined, key: string, value: string) =>
      tags?.some((tag) => tag.Key === key && tag.Value === value) ?? false;
    const own = ones.filter(({ Tags }) => has(Tags, "Project", Project) && has(Tags, "Environment", Environment));
    return { all: ones.length, own: own.length };
  }

  private pages<Page, Item>(
    action: string,
    paginate: (
      config: { client: EC2Client },
      input: object,
      options: { abortSignal: AbortSignal },
    ) => AsyncIterable<Page>,
    items: (page: Page) => Item[] | undefined,
  ): Promise<Item[]> {
    return askAws(action, this.signal, async () => {
      const all: Item[] = [];
      for await (const page of paginate({ client: this.client }, {}, { abortSignal: this.signal }))
        all.push(...(items(page) ?? []));
      return all;
    });
  }
}

/** Zones of some subnets, each once. */
export function zonesOf(subnets: readonly Subnet[]): string[] {
  return [...new Set(subnets.map(({ AvailabilityZone: zone }) => zone!))];
}
