import type { Environment } from "../../../environments/schema/index.ts";

/** Where the parts of a local run really are. */
export interface LocalAddresses {
  /** Keycloak's base URL. */
  readonly url: string;
  /** The demo MCP server's URL: the first server's resource. */
  readonly resource: string;
  /** Keycloak's release. */
  readonly version: string;
}

/** The environment `local`, at the addresses that this run has got. */
export function withAddresses(environment: Environment, { url, resource, version }: LocalAddresses): Environment {
  const [first, ...others] = environment.mcpServers;
  return {
    ...environment,
    keycloak: { url, version },
    mcpServers: [{ ...first!, resource }, ...others],
  };
}
