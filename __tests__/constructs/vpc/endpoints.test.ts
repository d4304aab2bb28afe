import { describe, expect, test } from "@jest/globals";
import { VpcEndpoints, type VpcEndpointsProps } from "../../../constructs/vpc/endpoints.ts";
import { synthConstruct } from "../../support/template.ts";

const INTERFACES = { subnetIds: ["subnet-1", "subnet-2"], securityGroupId: "sg-1", exec: false };

const endpoints = (changes: Partial<VpcEndpointsProps> = {}) =>
  synthConstruct(
    (scope) =>
      new VpcEndpoints(scope, "endpoints", {
        name: "keycloak-test",
        region: "eu-central-1",
        vpcId: "vpc-1",
        routeTableIds: ["rtb-1", "rtb-2"],
        ...changes,
      }),
  );

/** The services that there are endpoints of. */
const servicesOf = (template: ReturnType<typeof endpoints>) =>
  template.resources("aws_vpc_endpoint").map(({ service_name: name }) => String(name));

describe("the endpoint of S3", () => {
  test("is there in any case: it is free, and keeps image layers off the NAT gateway", () => {
    const template = endpoints();
    expect(servicesOf(template)).toEqual(["com.amazonaws.eu-central-1.s3"]);
    expect(template.resource("aws_vpc_endpoint")).toMatchObject({
      vpc_id: "vpc-1",
      vpc_endpoint_type: "Gateway",
      route_table_ids: ["rtb-1", "rtb-2"],
    });
  });

  test("lets nothing through but image layers of the Region's ECR: no data leaves to somebody's bucket", () => {
    const template = endpoints();
    expect(template.byId("aws_vpc_endpoint")).toMatchObject({
      endpoints_s3: { policy: "${data.aws_iam_policy_document.endpoints_image-layers.json}" },
    });
    expect(template.statements("endpoints_image-layers")).toEqual([
      {
        sid: "ImageLayersOfEcr",
        principals: [{ type: "*", identifiers: ["*"] }],
        actions: ["s3:GetObject"],
        resources: ["arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/*"],
      },
    ]);
  });
});

describe("interface endpoints", () => {
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html: Fargate needs no endpoint of ECS.
  test.each([
    ["are of what a task needs to start: image, secrets, log", false, ["ecr.api", "ecr.dkr", "logs", "ssm"]],
    [
      "are of ECS Exec's sessions too, where it is on",
      true,
      ["ecr.api", "ecr.dkr", "logs", "ssm", "ssmmessages"], // 7 USD a month each, per zone
    ],
  ])("%s", (_, exec, services) => {
    expect(servicesOf(endpoints({ interfaces: { ...INTERFACES, exec } })).sort()).toEqual(
      ["s3", ...services].map((service) => `com.amazonaws.eu-central-1.${service}`).sort(),
    );
  });

  test("answer to AWS's own names, in every private subnet, behind their security group", () => {
    const interfaces = endpoints({ interfaces: INTERFACES })
      .resources("aws_vpc_endpoint")
      .filter(({ vpc_endpoint_type: type }) => type === "Interface");
    expect(interfaces).toHaveLength(4);
    for (const one of interfaces)
      expect(one).toMatchObject({
        vpc_id: "vpc-1",
        private_dns_enabled: true,
        subnet_ids: ["subnet-1", "subnet-2"],
        security_group_ids: ["sg-1"],
      });
  });
});
