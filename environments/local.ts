import { defineEnvironment } from "./schema/index.ts";

/**
 * The environment of `npm run local`: Keycloak and a small MCP server on this machine. Where a port is taken, the
 * local run moves to a free one.
 */
export default defineEnvironment({
  name: "local",
  keycloak: { url: "http://localhost:8080/auth" },
  mcpServers: [{ resource: "http://localhost:8000/mcp", consentText: "Use the demo MCP server" }],
  registration: {
    webOrigins: ["http://localhost:6274", "http://127.0.0.1:6274"], // MCP Inspector
  },
});
