import { defineEnvironment } from "./schema/index.ts";

/**
 * What an environment can say, to copy from; `npm run new-environment -- <name>` writes a file to begin with. What stands
 * behind `//` is the default. Every setting is described in `docs/settings.md`.
 */
export default defineEnvironment({
  name: "template", // the stacks are called <name>-realm, ...; use the file's name

  // Leave it out where Keycloak runs elsewhere, and only the realm is to be made.
  aws: {
    region: "us-east-1",
    // accountId: "111122223333", // Terraform then touches no other account
    // stage: "production", // or "development": one of each, on spare capacity, unprotected
    adminCidrs: [], // who reaches the admin console, such as ["203.0.113.0/24"]
    // tags: { CostCentre: "4711" },
    // state: { bucket: "example-terraform-state" },

    loadBalancer: {
      zone: { id: "Z0123456789ABCDEFGHIJ", name: "example.com" }, // of Route 53: for the certificate and the record
      // certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef",
      // internal: false,
      // clientCidrs: ["0.0.0.0/0"],
    },

    network: {
      // cidr: "10.0.0.0/16",
      // availabilityZones: 2,
      // natGateways: "one-per-az",
      // interfaceEndpoints: true,
      // existingVpc: { vpcId: "vpc-…", privateSubnetIds: ["subnet-…", "subnet-…"] },
    },

    database: {
      // engineVersion: "16.8",
      // minCapacity: 0.5, // ACU, about 2 GiB each
      // maxCapacity: 2,
      // instances: 2,
      // backupRetentionDays: 7,
    },

    service: {
      // cpu: 1024, // 1 vCPU
      // memory: 2048, // MiB
      // architecture: "ARM64",
      // desiredCount: 2,
      // maxCount: 6,
    },

    // waf: { enabled: true, registrationLimit: 200, loginLimit: 600 },
    // monitoring: { alarmEmail: "ops@example.com", logRetentionDays: 30 },
    // backup: { enabled: false, retentionDays: 90 }, // tasks that dump and restore the database, and the realm
  },

  keycloak: {
    url: "https://auth.example.com/auth", // where people and MCP clients reach Keycloak
    // version: "26.7.3",
  },

  // The MCP servers that tokens are for. The first one's scope is mcp:run; further ones name their own.
  mcpServers: [
    {
      resource: "https://mcp-server.example.com/mcp", // exactly as clients enter it
      // consentText: "Access MCP model servers",
    },
    // { resource: "https://other.example.com/mcp", scope: "mcp:other", consentText: "Use the other server" },
  ],

  realm: {
    // name: "mcp",
    // displayName: "MCP Authorization Server",
    // sslRequired: "external",
    // deletionProtection: true, // Terraform does not destroy the realm and its users
    lifespans: {
      // accessToken: "1h",
      // ssoIdle: "30m",
      // ssoMax: "10h",
      // offlineIdle: "720h",
    },
    // events: { logins: true, adminChanges: true, retentionDays: 90 }, // saved in the database, as an audit trail
  },

  // audience: "resource-client", // or "hardcoded-claim", as in the article
  // resourceIndicators: false, // Keycloak's experimental RFC 8707

  // spaClient: { redirectUris: ["https://app.example.com/callback"] },

  registration: {
    // redirects: ["loopback", "claude", "cursor", "vscode", "chatgpt"],
    // redirectPatterns: ["https://app\\.example\\.com/oauth/callback"],
    // trustedHosts: "remove",
    // webOrigins: ["http://localhost:6274"], // MCP Inspector
    // maxClients: 1000,
  },
});
