import type { Server } from "node:http";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { InvalidTokenError } from "@modelcontextprotocol/sdk/server/auth/errors.js";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import {
  getOAuthProtectedResourceMetadataUrl,
  mcpAuthMetadataRouter,
} from "@modelcontextprotocol/sdk/server/auth/router.js";
import type { AuthInfo } from "@modelcontextprotocol/sdk/server/auth/types.js";
import { createMcpExpressApp } from "@modelcontextprotocol/sdk/server/express.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { OAuthMetadata } from "@modelcontextprotocol/sdk/shared/auth.js";
import axios from "axios";
import cors from "cors";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import { z } from "zod";
import { UserError } from "../errors.ts";

/** What the demo MCP server is, and who protects it. */
export interface DemoMcpServerOptions {
  readonly port: number;
  /** The realm: `http://localhost:8080/auth/realms/mcp`. */
  readonly issuer: string;
  /** Its own canonical URI; a token must be for it (`aud`). */
  readonly resource: string;
  /** The scope that a token must have. */
  readonly scope: string;
}

/** An MCP server that answers. */
export interface DemoMcpServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a small MCP server as an OAuth protected resource: Streamable HTTP without sessions, its metadata by RFC 9728,
 * and a check of every access token (signature, issuer, expiry, audience, scope; RFC 9068 section 4).
 * @throws UserError where the port is taken or the realm does not answer
 */
export async function startDemoMcpServer(options: DemoMcpServerOptions): Promise<DemoMcpServer> {
  const { port, issuer, resource, scope } = options;
  const { data: metadata } = await axios.get<OAuthMetadata>(`${issuer}/.well-known/openid-configuration`, {
    timeout: 15_000,
    proxy: false,
  });
  const url = new URL(resource);
  const app = createMcpExpressApp({ host: "127.0.0.1" }); // refuses other Host headers: no DNS rebinding
  // Browser clients read the session and where to log in.
  app.use(cors({ exposedHeaders: ["WWW-Authenticate", "Mcp-Session-Id", "Mcp-Protocol-Version"] }));
  app.use(
    mcpAuthMetadataRouter({
      oauthMetadata: metadata,
      resourceServerUrl: url,
      scopesSupported: [scope],
      resourceName: "Demo MCP server",
    }),
  );
  app.all(
    url.pathname,
    requireBearerAuth({
      verifier: { verifyAccessToken: tokenVerifier(issuer, String(metadata.jwks_uri), resource) },
      requiredScopes: [scope],
      resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(url),
      expectedResource: url,
    }),
    async (request, response) => {
      if (request.method !== "POST") return void response.set("Allow", "POST").sendStatus(405);
      const server = demoServer();
      const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
      response.on("close", () => void transport.close().then(() => server.close()));
      await server.connect(transport);
      await transport.handleRequest(request, response, request.body);
    },
  );
  const listening = await listen(app, port);
  return {
    url: resource,
    stop: () =>
      new Promise((resolve) => {
        listening.close(() => resolve());
        listening.closeAllConnections();
      }),
  };
}

/** Checks an access token of the realm. @throws InvalidTokenError, which becomes a 401 */
function tokenVerifier(issuer: string, jwksUri: string, resource: string): (token: string) => Promise<AuthInfo> {
  const keys = createRemoteJWKSet(new URL(jwksUri));
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience: resource });
      if (payload.typ !== "Bearer") throw new InvalidTokenError("not an access token");
      return {
        token,
        clientId: String(payload.azp),
        scopes: typeof payload.scope === "string" ? payload.scope.split(" ") : [],
        expiresAt: payload.exp,
        resource: new URL(resource),
        extra: { subject: payload.sub },
      };
    } catch (error) {
      // Not so: the realm does not answer.
      if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout))
        throw new InvalidTokenError(error.message);
      throw error;
    }
  };
}

/** Two tools: one that shows whose token it was, one that gives back what it gets. */
function demoServer(): McpServer {
  const server = new McpServer({ name: "demo", version: "1.0.0" });
  server.registerTool(
    "whoami",
    { title: "Who am I?", description: "Tells whose access token the call carried, and what it allows." },
    ({ authInfo }) => {
      const { clientId, scopes, extra, expiresAt, resource } = authInfo!;
      const shown = { ...extra, clientId, scopes, audience: resource?.href, expiresAt };
      return { content: [{ type: "text", text: JSON.stringify(shown, null, 2) }] };
    },
  );
  server.registerTool(
    "echo",
    { title: "Echo", description: "Gives the text back.", inputSchema: { text: z.string() } },
    ({ text }) => ({ content: [{ type: "text", text }] }),
  );
  return server;
}

function listen(app: ReturnType<typeof createMcpExpressApp>, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, "127.0.0.1", (error?: Error) => {
      if (!error) return resolve(server);
      const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
      const why = taken ? "another program has taken it meanwhile: run the command again" : error.message;
      reject(new UserError(`The demo MCP server cannot listen on port ${port}: ${why}.`));
    });
  });
}
