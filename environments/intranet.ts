import { defineEnvironment } from "./schema/index.ts";

/** An example inside a company's own VPC: an internal load balancer, with a certificate and DNS made elsewhere. */
export default defineEnvironment({
  name: "intranet",
  keycloak: { url: "https://auth.corp.example.com/auth" },
  mcpServers: [{ resource: "https://mcp.corp.example.com/mcp" }],
  aws: {
    region: "eu-central-1",
    accountId: "111122223333",
    tags: { CostCentre: "4711" },
    state: { bucket: "example-terraform-state" },
    adminCidrs: ["10.20.0.0/16"],
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
    database: { instanceClass: "db.r8g.large", kmsKey: "aws-managed" },
  },
});
