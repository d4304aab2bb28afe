import { defineEnvironment } from "./schema/index.ts";

/** An example of a cheap environment: one task on spare capacity, one database instance, one NAT gateway. */
export default defineEnvironment({
  name: "development",
  keycloak: { url: "https://auth.dev.example.com/auth" },
  mcpServers: [{ resource: "https://mcp-server.dev.example.com/mcp" }],
  realm: { deletionProtection: false },
  aws: {
    region: "us-east-1",
    stage: "development",
    adminCidrs: ["203.0.113.0/24"],
    loadBalancer: { zone: { id: "Z0123456789ABCDEFGHIJ", name: "dev.example.com" } },
    service: { exec: true },
  },
});
