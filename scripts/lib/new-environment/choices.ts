import type { EnvironmentInput } from "../../../environments/schema/index.ts";

/** What a person has chosen so far, by flags and answers, as it was written: the schema has not seen it yet. */
export interface Choices {
  /** Name of the environment, and of its file. */
  readonly name: string;
  /** Nothing on AWS: the realm alone, on a Keycloak that runs elsewhere. */
  readonly realmOnly?: boolean;
  /** Keycloak's domain, for `https://<domain>/auth`; or else {@link url}. */
  readonly domain?: string;
  /** Keycloak's whole address. */
  readonly url?: string;
  /** `URL` or `URL=scope` of each MCP server. */
  readonly mcpServers?: readonly string[];
  readonly region?: string;
  readonly zoneId?: string;
  readonly zoneName?: string;
  readonly certificateArn?: string;
  readonly stage?: string;
  readonly adminCidrs?: readonly string[];
  readonly accountId?: string;
  readonly stateBucket?: string;
  readonly alarmEmail?: string;
}

/** An environment file's content that may hold what the schema refuses. */
export type Content = EnvironmentInput;

/** The content of the environment's file: what was chosen, in the settings' own places. */
export function contentOf(choices: Choices): Content {
  const { name, realmOnly, region, zoneId, zoneName, certificateArn, stateBucket, alarmEmail } = choices;
  const aws = {
    region,
    ...given({ accountId: choices.accountId, stage: choices.stage }),
    adminCidrs: choices.adminCidrs ?? [],
    ...(stateBucket === undefined ? {} : { state: { bucket: stateBucket } }),
    loadBalancer: {
      ...(zoneId === undefined && zoneName === undefined ? {} : { zone: { id: zoneId, name: zoneName } }),
      ...given({ certificateArn }),
    },
    ...(alarmEmail === undefined ? {} : { monitoring: { alarmEmail } }),
  };
  return {
    name,
    ...(realmOnly ? {} : { aws }),
    keycloak: { url: choices.url ?? `https://${choices.domain}/auth` },
    mcpServers: (choices.mcpServers ?? []).map(mcpServerOf),
  } as Content;
}

/**
 * Reads an MCP server and its scope.
 * @example mcpServerOf("https://b.example.com/mcp=mcp:other") // { resource: "https://b.example.com/mcp", scope: "mcp:other" }
 */
export function mcpServerOf(text: string): { resource: string; scope?: string } {
  const at = text.indexOf("=");
  return at < 0 ? { resource: text } : { resource: text.slice(0, at), scope: text.slice(at + 1) };
}

/** The host that people reach Keycloak at; undefined where none was chosen, or what was chosen is no address. */
export function hostOf({ domain, url }: Choices): string | undefined {
  const address = url ?? (domain === undefined ? "" : `https://${domain}/auth`);
  return URL.canParse(address) ? new URL(address).hostname : undefined;
}

/** An object without what is undefined, which the schema would take for given. */
function given<Value extends object>(value: Value): Partial<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Partial<Value>;
}
