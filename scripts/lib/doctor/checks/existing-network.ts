import {
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  EC2Client,
  type DescribeVpcAttributeCommandInput,
  type Subnet,
} from "@aws-sdk/client-ec2";
import type { AwsEnvironment } from "../../../../environments/schema/aws/index.ts";
import { isSiteLocal, parseCidr } from "../../../../constructs/vpc/cidr.ts";
import { askAws, clientOptions, undefinedOn } from "../../aws/ask.ts";
import type { Check, CheckContext } from "../check.ts";
import { zonesOf } from "../network.ts";
import { fail, ok, warn } from "../row.ts";

type ExistingNetwork = Extract<AwsEnvironment["network"], { kind: "existing" }>;

const common = {
  group: "AWS account",
  applies: ({ aws }) => aws.network.kind === "existing",
  needsAws: true,
} as const satisfies Partial<Check>;

/** A VPC of somebody else's, which must be fit to hold what is put into it. */
export const existingNetworkChecks: readonly Check[] = [
  {
    ...common,
    id: "aws.vpc",
    what: "VPC",
    run: async (context) => {
      const { vpcId } = network(context);
      if (!(await vpcExists(context, vpcId))) return fail(...absent(context, vpcId));
      const [resolution, hostnames] = await Promise.all([
        attribute(context, vpcId, "enableDnsSupport"),
        attribute(context, vpcId, "enableDnsHostnames"),
      ]);
      const turnOn = (option: string) =>
        `Turn it on: aws ec2 modify-vpc-attribute --region ${context.environment.aws.region} --vpc-id ${vpcId} ${option}`;
      if (!resolution)
        return fail(
          `${vpcId} has no DNS resolution: tasks find neither the database nor AWS`,
          turnOn("--enable-dns-support"),
        );
      if (!hostnames)
        return warn(
          `${vpcId} has no DNS hostnames: private endpoints of AWS's services do not work in it`,
          turnOn("--enable-dns-hostnames"),
        );
      return ok(`${vpcId}, with DNS resolution and hostnames`);
    },
  },
  {
    ...common,
    id: "aws.subnets",
    what: "Subnets",
    run: async (context) => {
      const { privateSubnetIds, publicSubnetIds = [], vpcId } = network(context);
      const { internal } = context.environment.aws.loadBalancer;
      const subnets = await describeSubnets(context, [...privateSubnetIds, ...publicSubnetIds]);
      const some = (ids: readonly string[]) => subnets.filter(({ SubnetId }) => ids.includes(SubnetId!));
      const problem =
        subnetProblem("privateSubnetIds", privateSubnetIds, some(privateSubnetIds), vpcId) ??
        subnetProblem("publicSubnetIds", publicSubnetIds, some(publicSubnetIds), vpcId) ??
        clusterProblem(some(privateSubnetIds)) ??
        loadBalancerProblem(some(internal ? privateSubnetIds : publicSubnetIds));
      const setting = `aws.network.existingVpc in environments/${context.environment.name}.ts`;
      if (problem) return fail(problem, `Change ${setting}.`);
      return ok(`${subnets.length} in ${vpcId}, in ${zonesOf(subnets).sort().join(", ")}`);
    },
  },
];

/** Where tasks could not find each other; undefined where they can. */
export function clusterProblem(subnets: readonly Subnet[]): string | undefined {
  const strange = subnets.find(({ CidrBlock = "" }) => {
    const range = parseCidr(CidrBlock);
    return range && !isSiteLocal(range);
  });
  return (
    strange &&
    `${strange.SubnetId} has ${strange.CidrBlock}, no private range (RFC 1918): Keycloak's nodes find each other on such only`
  );
}

/**
 * What is wrong with a list of subnets; undefined where nothing is.
 * @param found those of them that are there
 */
export function subnetProblem(
  setting: string,
  ids: readonly string[],
  found: readonly Subnet[],
  vpcId: string,
): string | undefined {
  if (ids.length === 0) return undefined;
  const gone = ids.filter((id) => !found.some(({ SubnetId }) => SubnetId === id));
  if (gone.length > 0) return `there is no ${gone.join(", ")} (${setting})`;
  const foreign = found.filter(({ VpcId }) => VpcId !== vpcId);
  if (foreign.length > 0)
    return foreign.map(({ SubnetId, VpcId }) => `${SubnetId} is in ${VpcId}, not in ${vpcId}`).join("; ");
  const zones = zonesOf(found);
  if (zones.length < 2) return `${setting} are all in ${zones[0]}: database and load balancer need two zones`;
  return undefined;
}

/** A load balancer takes one subnet of a zone, and no more. */
export function loadBalancerProblem(subnets: readonly Subnet[]): string | undefined {
  const doubled = zonesOf(subnets).find((zone) => subnets.filter((one) => one.AvailabilityZone === zone).length > 1);
  if (!doubled) return undefined;
  const ids = subnets.filter((one) => one.AvailabilityZone === doubled).map(({ SubnetId }) => SubnetId!);
  return `${ids.join(" and ")} are both in ${doubled}: a load balancer takes one subnet of a zone only`;
}

async function vpcExists(context: CheckContext, vpcId: string): Promise<boolean> {
  const { signal } = context;
  const request = new DescribeVpcsCommand({ VpcIds: [vpcId] });
  const answer = await askAws(
    "ec2:DescribeVpcs",
    signal,
    undefinedOn(["InvalidVpcID.NotFound"], () => client(context).send(request, { abortSignal: signal })),
  );
  return answer !== undefined;
}

function absent({ environment: { name, aws } }: CheckContext, vpcId: string): Parameters<typeof fail> {
  return [
    `there is no ${vpcId} in ${aws.region}`,
    `Change aws.network.existingVpc.vpcId in environments/${name}.ts, or aws.region.`,
  ];
}

async function attribute(
  context: CheckContext,
  vpcId: string,
  name: "enableDnsSupport" | "enableDnsHostnames",
): Promise<boolean> {
  const input: DescribeVpcAttributeCommandInput = { VpcId: vpcId, Attribute: name };
  const { EnableDnsSupport, EnableDnsHostnames } = await askAws("ec2:DescribeVpcAttribute", context.signal, () =>
    client(context).send(new DescribeVpcAttributeCommand(input), { abortSignal: context.signal }),
  );
  return (EnableDnsSupport ?? EnableDnsHostnames)?.Value === true;
}

/** By a filter, which leaves out what is not there instead of refusing the whole list. */
async function describeSubnets(context: CheckContext, ids: readonly string[]): Promise<Subnet[]> {
  const request = new DescribeSubnetsCommand({ Filters: [{ Name: "subnet-id", Values: [...new Set(ids)] }] });
  const { Subnets = [] } = await askAws("ec2:DescribeSubnets", context.signal, () =>
    client(context).send(request, { abortSignal: context.signal }),
  );
  return Subnets;
}

function network({ environment }: CheckContext): ExistingNetwork {
  return environment.aws.network as ExistingNetwork;
}

function client({ environment }: CheckContext): EC2Client {
  return new EC2Client(clientOptions(environment.aws.region));
}
