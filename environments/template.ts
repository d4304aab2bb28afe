import { defineEnvironment } from "./schema/index.ts";

/**
 * Copy this file to `environments/<name>.ts` and make it yours; `npx cdktf synth` then says what is wrong with it.
 * What stands behind `//` is the default. Every setting is described in `environments/schema/index.ts`.
 */
export default defineEnvironment({
  name: "template", // the stacks are called <name>-realm, ...; use the file's name

  aws: {
    region: "us-east-1",
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
