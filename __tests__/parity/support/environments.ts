import { loadEnvironment } from "../../../environments/index.ts";
import { environmentSchema, type Environment, type EnvironmentInput } from "../../../environments/schema/index.ts";
import { MINIMAL, MINIMAL_AWS } from "../../support/environment.ts";

/** The environments that rows are shown on. */
export type EnvironmentName = keyof typeof ENVIRONMENTS;

/** What each environment is, for people. */
export const ENVIRONMENTS = {
  production: "`environments/production.ts`: the defaults",
  repository: "the values of the article's repository, `terraform.tfvars` and `mcp-realm.tf`, where there are settings",
  "existing VPC": "`enable_network = false`, provisioned instances, a certificate, no tasks, state in a bucket",
  internal: "`internal = true` in a VPC without a way out, with ECS Exec",
} as const;

/** @throws Error where the settings are not valid */
export async function environmentOf(name: EnvironmentName): Promise<Environment> {
  return name === "production" ? await loadEnvironment("production") : environmentSchema.parse(INPUTS[name]);
}

const AWS = { ...MINIMAL_AWS, region: "us-east-1" as const };

const INPUTS: Record<Exclude<EnvironmentName, "production">, EnvironmentInput> = {
  repository: {
    ...MINIMAL,
    name: "repository",
    aws: {
      ...AWS,
      tags: { Description: "Keycloak IdP", Service: "keycloak" },
      network: { cidr: "10.20.30.0/24", publicCidr: "10.20.30.0/25", privateCidr: "10.20.30.128/25" },
      loadBalancer: { ...AWS.loadBalancer, deletionProtection: false },
      service: { cpu: 1024, memory: 2048, desiredCount: 2, architecture: "X86_64" },
      database: {
        engineVersion: "16.8",
        instanceClass: "db.serverless",
        minCapacity: 0.5,
        maxCapacity: 2,
        instances: 2,
        kmsKey: "aws-managed",
        backupRetentionDays: 5,
        backupWindow: "00:00-02:00",
        maintenanceWindow: "sat:03:00-sat:04:00",
        deletionProtection: false,
      },
      monitoring: { logRetentionDays: 5 },
    },
    realm: {
      displayName: "MCP OAuth Realm",
      displayNameHtml: "<b>MCP</b> OAuth Realm",
      sslRequired: "all",
      passwordPolicy:
        "length(12) and upperCase(1) and lowerCase(1) and digits(1) and specialChars(1) and notUsername()",
      lifespans: { accessToken: "24h", ssoIdle: "24h", ssoMax: "24h", offlineIdle: "720h" },
    },
    mcpServers: [
      {
        resource: "https://your-mcp-gateway.example.com/mcp",
        description: "MCP Run Scope - Required for MCP operations",
        consentText: "Allow access to MCP resources",
      },
    ],
    audience: "hardcoded-claim",
    spaClient: {
      clientId: "mcp-spa-client",
      name: "MCP SPA Client",
      redirectUris: ["http://localhost:3000/callback", "http://localhost:3000/", "http://localhost:3000/auth/callback"],
    },
  },
  "existing VPC": {
    ...MINIMAL,
    name: "existing",
    aws: {
      ...AWS,
      state: { bucket: "example-terraform-state" },
      network: {
        existingVpc: {
          vpcId: "vpc-0123456789abcdef0",
          privateSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
          publicSubnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
        },
      },
      loadBalancer: {
        certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef",
      },
      service: { desiredCount: 0 },
      database: { instanceClass: "db.r6g.large" },
    },
  },
  internal: {
    ...MINIMAL,
    name: "internal",
    aws: {
      ...AWS,
      network: { natGateways: "none" },
      loadBalancer: { ...AWS.loadBalancer, internal: true },
      service: { exec: true },
    },
  },
};
