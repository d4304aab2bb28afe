/**
 * Which redirect URIs a self-registered client may have. Patterns are matched against the whole URI by Keycloak (Java
 * regular expressions), so they must also be plain JavaScript ones; `&`, `<` and `>` are not used in them, because the
 * Terraform provider would read them back escaped and report a change for ever.
 */

/** A path, with an optional query; no wildcard, fragment, blank, back slash or quote. */
const PATH = String.raw`(/[^*#\s\\"']*)?`;

/** What may be allowed by name. */
export interface RedirectFamily {
  /** What a person would call it. */
  readonly title: string;
  /** Regular expressions for the whole URI. */
  readonly patterns: readonly string[];
  /** Hosts of the `https` URIs, for policies that know hosts only. */
  readonly hosts: readonly string[];
  /** URIs that its clients really send; `verify` registers each. */
  readonly examples: readonly string[];
}

/**
 * The MCP clients known by name, with the redirect URIs they were seen to register. `loopback` is every native client
 * that follows RFC 8252 section 7.3: Claude Code, VS Code, Cursor, the MCP SDKs, mcp-remote, MCP Inspector.
 */
export const REDIRECT_FAMILIES = {
  loopback: {
    title: "native clients on this machine (RFC 8252)",
    patterns: [String.raw`http://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?${PATH}`],
    hosts: ["localhost", "127.0.0.1"],
    examples: [
      "http://127.0.0.1:33418/callback",
      "http://127.0.0.1/",
      "http://localhost:8765/oauth/callback",
      "http://[::1]:49152/callback",
    ],
  },
  claude: {
    title: "Claude",
    patterns: [
      String.raw`https://claude\.(ai|com)/api/mcp/auth_callback`,
      String.raw`claude://[a-z0-9][a-z0-9.-]*${PATH}`,
    ],
    hosts: ["claude.ai", "claude.com"],
    examples: ["https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"],
  },
  cursor: {
    title: "Cursor",
    patterns: [
      String.raw`cursor://anysphere\.cursor-(mcp|retrieval)/oauth${PATH}`,
      String.raw`https://www\.cursor\.com/agents/mcp/oauth/callback`,
    ],
    hosts: ["www.cursor.com"],
    examples: ["cursor://anysphere.cursor-mcp/oauth/callback", "https://www.cursor.com/agents/mcp/oauth/callback"],
  },
  vscode: {
    title: "VS Code",
    patterns: [
      String.raw`https://(insiders\.)?vscode\.dev/redirect`,
      String.raw`vscode(-insiders)?://[a-z0-9][a-z0-9.-]*${PATH}`,
    ],
    hosts: ["vscode.dev", "insiders.vscode.dev"],
    examples: ["https://vscode.dev/redirect", "https://insiders.vscode.dev/redirect"],
  },
  chatgpt: {
    title: "ChatGPT",
    patterns: [
      String.raw`https://chatgpt\.com/connector_platform_oauth_redirect`,
      String.raw`https://chatgpt\.com/connector/oauth/[A-Za-z0-9_-]+`,
    ],
    hosts: ["chatgpt.com"],
    examples: ["https://chatgpt.com/connector_platform_oauth_redirect"],
  },
} as const satisfies Record<string, RedirectFamily>;

/** The name of a {@link REDIRECT_FAMILIES} entry. */
export type RedirectFamilyName = keyof typeof REDIRECT_FAMILIES;

/** All names, in the order that messages list them. */
export const REDIRECT_FAMILY_NAMES = Object.keys(REDIRECT_FAMILIES) as RedirectFamilyName[];

/** The families and further patterns that one environment allows, ready for a client policy. */
export interface RedirectRules {
  readonly patterns: readonly string[];
  readonly hosts: readonly string[];
  readonly examples: readonly string[];
  /** Whether any pattern allows a private-use URI scheme (RFC 8252 section 7.1). */
  readonly privateUseSchemes: boolean;
}

/**
 * Joins what an environment allows.
 * @param families names out of {@link REDIRECT_FAMILIES}
 * @param patterns further regular expressions, each for a whole URI
 * @param trustedHosts hosts that Keycloak's Trusted Hosts policy lets through beside, where it is kept
 */
export function redirectRules(
  families: readonly RedirectFamilyName[],
  patterns: readonly string[],
  trustedHosts?: readonly string[],
): RedirectRules {
  const chosen = families.map((name): RedirectFamily => REDIRECT_FAMILIES[name]);
  const all = [...chosen.flatMap((family) => family.patterns), ...patterns];
  return {
    patterns: all,
    hosts: [...chosen.flatMap((family) => family.hosts), ...patterns.flatMap(literalHost)],
    examples: chosen
      .flatMap((family) => family.examples)
      .filter((uri) => !trustedHosts || passesTrustedHosts(uri, trustedHosts)),
    privateUseSchemes: all.some((pattern) => !pattern.startsWith("http")),
  };
}

/**
 * Whether Keycloak's Trusted Hosts policy lets a redirect URI through: by its host, which may be listed as
 * `*.example.com`. It lets no private-use scheme and no IPv6 address through, whatever is listed.
 */
export function passesTrustedHosts(uri: string, trustedHosts: readonly string[]): boolean {
  const { protocol, hostname } = new URL(uri);
  if (!/^https?:$/.test(protocol) || hostname.startsWith("[")) return false;
  return trustedHosts.some((host) => host === hostname || (host.startsWith("*.") && hostname.endsWith(host.slice(1))));
}

/** The host of a pattern that spells it out (`https://app\.example\.com/cb` → `app.example.com`). */
function literalHost(pattern: string): string[] {
  const host = /^https:\/\/((?:[a-zA-Z0-9-]|\\\.)+)(?=[/:(]|$)/.exec(pattern)?.[1];
  return host ? [host.replaceAll("\\.", ".")] : [];
}

/**
 * Redirect URIs that no environment may allow: each has delivered an authorization code to a stranger somewhere.
 * The schema holds every pattern of an environment against them, and `verify` tries each on the live server.
 */
export const FORBIDDEN_REDIRECT_URIS = {
  hosts: {
    "a bare wildcard": "*",
    "any host": "https://evil.example/callback",
    "a wildcard host": "https://*",
    "a wildcard port": "http://localhost:*",
    "a wildcard path": "http://127.0.0.1/*",
    "plain http": "http://evil.example/callback",
    "a user name that looks like a host": "http://localhost@evil.example/callback",
    "a port that looks like a host": "http://localhost:1@evil.example/callback",
    "a host that begins like an allowed one": "http://localhost.evil.example/callback",
    "a subdomain of an allowed host": "https://evil.vscode.dev/redirect",
    "a fragment": "http://127.0.0.1:8080/callback#x",
    "a script": "javascript:alert(1)",
    "inline data": "data:text/html,x",
  },
  schemes: {
    "a file": "file:///etc/passwd",
    "an unknown private-use scheme": "com.example.evil:/callback",
  },
  paths: {
    "another path of an allowed host": "https://claude.ai/evil",
    "a path below an allowed one": "https://vscode.dev/redirect/evil",
  },
} as const;

/** All of {@link FORBIDDEN_REDIRECT_URIS}, as pairs of what it is and the URI. */
export const ALL_FORBIDDEN_REDIRECT_URIS: readonly [kind: string, uri: string][] = Object.values(
  FORBIDDEN_REDIRECT_URIS,
).flatMap((group) => Object.entries(group));
