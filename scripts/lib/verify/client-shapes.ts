import type { RealmDefinition } from "../../../realm/definition.ts";

/** The body of a registration request, without `client_name` and `redirect_uris`. RFC 7591 section 2. */
export interface ClientShape {
  /** The client that sends it. */
  readonly client: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

const CODE_AND_REFRESH = { grant_types: ["authorization_code", "refresh_token"], response_types: ["code"] };

/**
 * What real MCP clients register with, as observed on the wire.
 * @param scope the first MCP scope
 */
export function clientShapes({ mcpScopes, optionalScopes }: RealmDefinition): ClientShape[] {
  const scope = mcpScopes[0]!.name;
  const withOffline = optionalScopes.includes("offline_access") ? `${scope} offline_access` : scope;
  return [
    {
      client: "TypeScript SDK 1",
      metadata: { ...CODE_AND_REFRESH, token_endpoint_auth_method: "none", scope },
    },
    {
      client: "TypeScript SDK 2, fastmcp, MCP Inspector",
      metadata: { ...CODE_AND_REFRESH, token_endpoint_auth_method: "none", scope: withOffline },
    },
    { client: "Python SDK 1", metadata: { ...CODE_AND_REFRESH, scope } },
    { client: "Python SDK 2", metadata: { ...CODE_AND_REFRESH, scope: withOffline } },
    {
      client: "mcp-remote",
      metadata: { ...CODE_AND_REFRESH, token_endpoint_auth_method: "client_secret_post", scope: withOffline },
    },
    { client: "one that names no scope", metadata: { ...CODE_AND_REFRESH, token_endpoint_auth_method: "none" } },
  ];
}
