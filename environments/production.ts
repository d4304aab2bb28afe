import { defineEnvironment } from "./schema/index.ts";

/** An example to make your own: the domain, the Region and the MCP server's URL are the first things to change. */
export default defineEnvironment({
  name: "production",
  aws: { region: "us-east-1" },
  keycloak: { url: "https://auth.example.com/auth" },
  mcpServers: [{ resource: "https://mcp-server.example.com/mcp" }],
});
