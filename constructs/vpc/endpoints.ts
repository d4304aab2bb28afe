import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Construct } from "constructs";

/** Props of {@link VpcEndpoints}. */
export interface VpcEndpointsProps {
  readonly name: string;
  readonly region: string;
  readonly vpcId: string;
  /** Route tables of the private subnets, which get the way to S3. */
  readonly routeTableIds: readonly string[];
  /** A bucket of the environment's own that tasks read and write, as far as their roles let them. @default none */
  readonly bucketArn?: string;
  /** Endpoints with an address in each private subnet. @default none */
  readonly interfaces?: {
    readonly subnetIds: readonly string[];
    /** Lets the tasks in, on port 443. */
    readonly securityGroupId: string;
    /** Adds the endpoint that ECS Exec's sessions go through. */
    readonly exec: boolean;
  };
}

/**
 * Private ways to the AWS services that a task needs: S3, where ECR keeps image layers (free), and the interface
 * endpoints of ECR, CloudWatch Logs and SSM (about 8 USD a month each, per zone).
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
export class VpcEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: VpcEndpointsProps) {
    super(scope, id);
    const { name, region, vpcId, routeTableIds, bucketArn, interfaces } = props;
    const imageLayers = new DataAwsIamPolicyDocument(this, "image-layers", {
      statement: [
        {
          sid: "ImageLayersOfEcr",
          principals: [{ type: "*", identifiers: ["*"] }],
          actions: ["s3:GetObject"],
          resources: [`arn:aws:s3:::prod-${region}-starport-layer-bucket/*`],
        },
        ...(bucketArn
          ? [
              {
                sid: "OwnBucket",
                principals: [{ type: "*", identifiers: ["*"] }],
                actions: ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"],
                resources: [`${bucketArn}/*`],
              },
            ]
          : []),
      ],
    });
    new VpcEndpoint(this, "s3", {
      vpcId,
      serviceName: `com.amazonaws.${region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: [...routeTableIds],
      policy: imageLayers.json,
      tags: { Name: `${name}-s3` },
    });
    if (!interfaces) return;
    const { subnetIds, securityGroupId, exec } = interfaces;
    for (const service of ["ecr.api", "ecr.dkr", "logs", "ssm", ...(exec ? ["ssmmessages"] : [])])
      new VpcEndpoint(this, service.replace(".", "-"), {
        vpcId,
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: [...subnetIds],
        securityGroupIds: [securityGroupId],
        tags: { Name: `${name}-${service}` },
      });
  }
}
