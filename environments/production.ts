import { defineEnvironment } from "./schema/index.ts";

/** An example to make your own: domain, zone, Region and the MCP server's URL are the first things to change. */
export default defineEnvironment({
  name: "production",
  keycloak: { url: "https://auth.example.com/auth" },
  mcpServers: [{ resource: "https://mcp-server.example.com/mcp" }],
  aws: {
    region: "us-east-1",
    adminCidrs: ["203.0.113.0/24"], // the office, or the VPN
    loadBalancer: { zone: { id: "Z0123456789ABCDEFGHIJ", name: "example.com" } },
    monitoring: { alarmEmail: "ops@example.com" },
    backup: { enabled: true }, // dumps at will, beside Aurora's own backups
  },
});
