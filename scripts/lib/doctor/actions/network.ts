import { actions, IDS, type ActionGroup, type Arns } from "./group.ts";

const { long: ID, uuid: UUID, short: SHORT_ID } = IDS;

/** Security groups, and the VPC with what is in it where the environment has one of its own. */
export function networkActions(arns: Arns): ActionGroup[] {
  const { network } = arns.environment.aws;
  const securityGroups: ActionGroup = {
    resources: arns.regional("ec2", `security-group/sg-${ID}`, `security-group-rule/sgr-${ID}`, `vpc/vpc-${ID}`),
    deploy: actions(
      "ec2",
      "CreateSecurityGroup CreateTags AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress",
      "RevokeSecurityGroupIngress RevokeSecurityGroupEgress", // also of the rules that AWS puts into each
      "DescribeSecurityGroups DescribeSecurityGroupRules DescribeNetworkInterfaces",
    ),
    destroy: actions("ec2", "DeleteSecurityGroup"),
  };
  if (network.kind === "existing") return [securityGroups];
  const vpc: ActionGroup = {
    resources: arns.regional(
      "ec2",
      `vpc/vpc-${ID}`,
      `subnet/subnet-${ID}`,
      `internet-gateway/igw-${ID}`,
      `route-table/rtb-${ID}`,
      `vpc-endpoint/vpce-${ID}`,
    ),
    deploy: actions(
      "ec2",
      "CreateVpc ModifyVpcAttribute CreateSubnet CreateInternetGateway AttachInternetGateway",
      "CreateRouteTable CreateRoute AssociateRouteTable CreateVpcEndpoint",
      "DescribeVpcs DescribeVpcAttribute DescribeSubnets DescribeInternetGateways DescribeRouteTables",
      "DescribeNetworkAcls DescribeVpcEndpoints DescribePrefixLists",
      typeof network.availabilityZones === "number" && "DescribeAvailabilityZones",
    ),
    destroy: actions(
      "ec2",
      "DeleteVpc DeleteSubnet DetachInternetGateway DeleteInternetGateway",
      "DisassociateRouteTable DeleteRoute DeleteRouteTable DeleteVpcEndpoints",
    ),
  };
  const natGateways: ActionGroup = {
    resources: arns.regional("ec2", `natgateway/nat-${ID}`, `elastic-ip/eipalloc-${ID}`, `subnet/subnet-${ID}`),
    deploy: actions(
      "ec2",
      "AllocateAddress CreateNatGateway DescribeAddresses DescribeAddressesAttribute DescribeNatGateways",
    ),
    destroy: actions("ec2", "DeleteNatGateway DisassociateAddress ReleaseAddress"),
  };
  const flowLogs: ActionGroup[] = [
    {
      resources: arns.regional("ec2", `vpc-flow-log/fl-${ID}`, `vpc/vpc-${ID}`),
      deploy: actions("ec2", "CreateFlowLogs DescribeFlowLogs"),
      destroy: actions("ec2", "DeleteFlowLogs"),
    },
    arns.passRole("flow-logs", "vpc-flow-logs.amazonaws.com"),
  ];
  return [
    securityGroups,
    vpc,
    ...(network.natGateways === "none" ? [] : [natGateways]),
    ...(network.flowLogRetentionDays > 0 ? flowLogs : []),
  ];
}

/** The load balancer, its certificate, record and firewall. */
export function entranceActions(arns: Arns): ActionGroup[] {
  const { name, environment } = arns;
  const { loadBalancer, waf } = environment.aws;
  const { zone, certificateArn } = loadBalancer;
  const [loadBalancerArn, ...others] = arns.regional(
    "elasticloadbalancing",
    `loadbalancer/app/${name}/${SHORT_ID}`,
    `targetgroup/${name}/${SHORT_ID}`,
    `listener/app/${name}/${SHORT_ID}/${SHORT_ID}`,
    `listener-rule/app/${name}/${SHORT_ID}/${SHORT_ID}/${SHORT_ID}`,
  ) as [string, ...string[]];
  const balancer: ActionGroup = {
    resources: [loadBalancerArn, ...others],
    deploy: actions(
      "elasticloadbalancing",
      "CreateLoadBalancer ModifyLoadBalancerAttributes CreateTargetGroup ModifyTargetGroupAttributes",
      "CreateListener ModifyListenerAttributes CreateRule AddTags",
      "DescribeLoadBalancers DescribeLoadBalancerAttributes DescribeTargetGroups DescribeTargetGroupAttributes",
      "DescribeListeners DescribeListenerAttributes DescribeRules DescribeTags",
      waf.enabled && "SetWebAcl",
    ),
    destroy: actions("elasticloadbalancing", "DeleteLoadBalancer DeleteTargetGroup DeleteListener DeleteRule"),
  };
  const record: ActionGroup = {
    resources: [`arn:aws:route53:::hostedzone/${zone?.id}`, "arn:aws:route53:::change/C0"],
    deploy: actions("route53", "GetHostedZone ListResourceRecordSets ChangeResourceRecordSets GetChange"),
  };
  const certificate: ActionGroup = {
    resources: arns.regional("acm", `certificate/${UUID}`),
    deploy: actions("acm", "RequestCertificate DescribeCertificate AddTagsToCertificate ListTagsForCertificate"),
    destroy: actions("acm", "DeleteCertificate"),
  };
  const firewall: ActionGroup = {
    resources: [...arns.regional("wafv2", `regional/webacl/${name}/${UUID}`), loadBalancerArn],
    deploy: actions(
      "wafv2",
      "CreateWebACL GetWebACL AssociateWebACL GetWebACLForResource PutLoggingConfiguration GetLoggingConfiguration",
      "TagResource ListTagsForResource",
    ),
    destroy: actions("wafv2", "DisassociateWebACL DeleteWebACL DeleteLoggingConfiguration"),
  };
  return [
    balancer,
    ...(zone ? [record] : []),
    ...(certificateArn ? [] : [certificate]),
    ...(waf.enabled ? [firewall] : []),
  ];
}
