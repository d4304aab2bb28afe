import { describe, expect, test } from "@jest/globals";
import type { EvaluationResult } from "@aws-sdk/client-iam";
import { neededActions } from "../../../scripts/lib/doctor/actions.ts";
import {
  clusterProblem,
  loadBalancerProblem,
  subnetProblem,
} from "../../../scripts/lib/doctor/checks/existing-network.ts";
import { natGatewayCount } from "../../../scripts/lib/doctor/checks/own-network.ts";
import { inWords } from "../../../scripts/lib/doctor/checks/permissions.ts";
import { missing, overflow, quotaFinding, VPCS_PER_REGION } from "../../../scripts/lib/doctor/quota.ts";
import { verdictOf } from "../../../scripts/lib/doctor/simulation.ts";
import { environmentOnAws } from "../../support/environment.ts";

describe("quotas", () => {
  const use = { quota: VPCS_PER_REGION, region: "eu-central-1", limit: 5, used: 4, own: 0, wanted: 1 };

  test.each([
    [{ limit: 5, used: 4, own: 0, wanted: 1 }, 1, 0],
    [{ limit: 5, used: 5, own: 0, wanted: 1 }, 1, 1],
    [{ limit: 5, used: 5, own: 1, wanted: 1 }, 0, 0], // its own is among them
    [{ limit: 5, used: 4, own: 1, wanted: 3 }, 2, 1], // one zone more
    [{ limit: 5, used: 9, own: 0, wanted: 0 }, 0, 0],
    [{ limit: 3, used: 5, own: 5, wanted: 2 }, 0, 0], // more than it needs any more
  ])("%j: %i to make, %i too many", (count, expectedMissing, expectedOverflow) => {
    expect(missing(count)).toBe(expectedMissing);
    expect(overflow(count)).toBe(expectedOverflow);
  });

  test("what does not fit says by which command to ask for how much", () => {
    expect(quotaFinding(use)).toEqual({
      status: "ok",
      found: "4 of 5 used in eu-central-1, and the deployment makes 1",
    });
    const { status, mend } = quotaFinding({ ...use, used: 5 });
    expect(status).toBe("fail");
    expect(mend).toContain("--service-code vpc --quota-code L-F678F1CE --desired-value 6");
    expect(quotaFinding({ ...use, used: 5, own: 1 }).found).toBe("there already");
    expect(quotaFinding({ ...use, wanted: 0 }).found).toBe("none is needed");
  });

  test("NAT gateways follow the zones", () => {
    expect(natGatewayCount({ natGateways: "one-per-az", availabilityZones: 3 })).toBe(3);
    expect(natGatewayCount({ natGateways: "one-per-az", availabilityZones: ["us-east-1a", "us-east-1b"] })).toBe(2);
    expect(natGatewayCount({ natGateways: "one", availabilityZones: 3 })).toBe(1);
    expect(natGatewayCount({ natGateways: "none", availabilityZones: 3 })).toBe(0);
  });
});

describe("actions", () => {
  const all = (changes = {}) => {
    const groups = neededActions(environmentOnAws(changes), "111122223333");
    return new Set(groups.flatMap(({ deploy, destroy = [] }) => [...deploy, ...destroy]));
  };

  test("follow the environment's settings", () => {
    expect([...all()]).toEqual(
      expect.arrayContaining(["ec2:CreateVpc", "ec2:CreateNatGateway", "wafv2:CreateWebACL", "acm:RequestCertificate"]),
    );
    const small = all({
      network: {
        existingVpc: {
          vpcId: "vpc-0123456789abcdef0",
          privateSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        },
      },
      loadBalancer: {
        internal: true,
        certificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef",
      },
      waf: { enabled: false },
    });
    for (const action of ["ec2:CreateVpc", "ec2:CreateFlowLogs", "wafv2:CreateWebACL", "acm:RequestCertificate"])
      expect(small).not.toContain(action);
    expect([...small].filter((action) => action.startsWith("route53:"))).toEqual([]);
    expect(small).toContain("ec2:CreateSecurityGroup");
    expect(all({ state: { bucket: "example-terraform-state" } })).toContain("s3:PutObject");
  });

  test("each has a service and a name, and resources are ARNs of the account or of names", () => {
    for (const { resources, deploy } of neededActions(environmentOnAws(), "111122223333")) {
      for (const action of deploy) expect(action).toMatch(/^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/);
      for (const resource of resources) expect(resource).toMatch(/^arn:aws:[a-z0-9-]+:[a-z0-9-]*:(111122223333)?:\S+$/);
    }
  });

  test("are shown by service", () => {
    expect(inWords(["ec2:CreateVpc", "ec2:CreateSubnet", "rds:CreateDBCluster", "ec2:CreateVpc"])).toBe(
      "ec2:CreateVpc, CreateSubnet; rds:CreateDBCluster",
    );
  });
});

describe("what IAM says of one action", () => {
  const result = (
    EvalResourceName: string,
    EvalDecision: EvaluationResult["EvalDecision"],
    missingKeys?: string[],
  ) => ({
    EvalActionName: "ec2:CreateVpc",
    EvalResourceName,
    EvalDecision,
    MissingContextValues: missingKeys,
  });
  const VPC = "arn:aws:ec2:eu-central-1:111122223333:vpc/vpc-0";

  test.each([
    ["allowed for anything", [result("*", "allowed"), result(VPC, "allowed")], "allowed"],
    ["allowed for the environment's names only", [result("*", "implicitDeny"), result(VPC, "allowed")], "allowed"],
    ["allowed for nothing", [result("*", "implicitDeny"), result(VPC, "implicitDeny")], "denied"],
    ["refused for the environment's names", [result("*", "allowed"), result(VPC, "explicitDeny")], "denied"],
    ["refused for all but some names", [result("*", "explicitDeny"), result(VPC, "allowed")], "allowed"],
    ["allowed under conditions", [result("*", "implicitDeny", ["aws:MultiFactorAuthPresent"])], "unclear"],
    ["not answered", [], "denied"],
  ] as const)("%s", (_, results, expected) => {
    expect(verdictOf(results)).toBe(expected);
  });

  test("answers for single resources count as well", () => {
    const specific = [{ EvalResourceName: VPC, EvalResourceDecision: "allowed" as const }];
    expect(verdictOf([{ ...result("*", "implicitDeny"), ResourceSpecificResults: specific }])).toBe("allowed");
  });
});

describe("subnets of an existing VPC", () => {
  const subnet = (SubnetId: string, AvailabilityZone: string, VpcId = "vpc-1") => ({
    SubnetId,
    AvailabilityZone,
    VpcId,
  });

  test.each([
    [[subnet("a", "z1"), subnet("b", "z2")], undefined],
    [[subnet("a", "z1")], "there is no b (privateSubnetIds)"],
    [[subnet("a", "z1"), subnet("b", "z2", "vpc-2")], "b is in vpc-2, not in vpc-1"],
    [
      [subnet("a", "z1"), subnet("b", "z1")],
      "privateSubnetIds are all in z1: database and load balancer need two zones",
    ],
  ])("case %#", (found, problem) => {
    expect(subnetProblem("privateSubnetIds", ["a", "b"], found, "vpc-1")).toBe(problem);
  });

  test("tasks find each other in private ranges only", () => {
    const subnet = (CidrBlock: string) => ({ SubnetId: "subnet-1", CidrBlock });
    expect(clusterProblem(["10.0.0.0/20", "172.31.0.0/20", "192.168.1.0/24"].map(subnet))).toBeUndefined();
    expect(clusterProblem([subnet("10.0.0.0/20"), subnet("100.64.0.0/20")])).toMatch(
      /^subnet-1 has 100\.64\.0\.0\/20, no private range/,
    );
  });

  test("a load balancer takes one of a zone", () => {
    const subnets = [subnet("a", "z1"), subnet("b", "z2"), subnet("c", "z1")];
    expect(loadBalancerProblem(subnets)).toBe(
      "a and c are both in z1: a load balancer takes one subnet of a zone only",
    );
    expect(loadBalancerProblem(subnets.slice(0, 2))).toBeUndefined();
  });
});
