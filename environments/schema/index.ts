import { z } from "zod";
import {
  ALL_FORBIDDEN_REDIRECT_URIS,
  REDIRECT_FAMILIES,
  REDIRECT_FAMILY_NAMES,
  redirectRules,
  type RedirectFamilyName,
} from "../../realm/redirect-uris.ts";
import { DEFAULT_KEYCLOAK_VERSION, KEYCLOAK_LINES, lineOf } from "../../realm/versions/index.ts";
import { aws, awsProblems } from "./aws/index.ts";
import { duration } from "./duration.ts";
import { origin, secureUrl } from "./urls.ts";

const scopeName = z
  .string()
  .regex(
    /^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/,
    "must be one scope: printable characters without blanks, quotes and back slashes (RFC 6749 section 3.3)",
  );

const mcpServer = z.strictObject({
  /** The MCP server's canonical URI: what clients send as `resource` (RFC 8707) and tokens carry as `aud`. */
  resource: secureUrl(),
  /** The scope that grants access to it. @default "mcp:run" for the first server; the others must name theirs */
  scope: scopeName.optional(),
  /** What a person reads on the consent page. */
  consentText: z.string().min(1).max(255).default("Access MCP model servers"),
  /** What an administrator reads in the console. */
  description: z.string().max(255).default("Scope for MCP model execution with audience restriction"),
});

const lifespans = z
  .strictObject({
    /** Access tokens. @default "1h" */
    accessToken: duration("1h"),
    /** A login without any request. @default "30m" */
    ssoIdle: duration("30m"),
    /** A login at the most. @default "10h" */
    ssoMax: duration("10h"),
    /** An `offline_access` refresh token without any use. @default "720h" (30 days) */
    offlineIdle: duration("720h"),
  })
  .superRefine((value, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (value.ssoIdle > value.ssoMax)
      refuse("ssoIdle", "must not be longer than ssoMax: a login that ended cannot still be idle");
    if (value.accessToken > value.ssoMax)
      refuse("accessToken", "must not be longer than ssoMax: a token would outlive the login it came from");
    if (value.offlineIdle < value.ssoIdle)
      refuse("offlineIdle", "must not be shorter than ssoIdle: offline access is meant to last longer than a login");
  });

const events = z.strictObject({
  /**
   * Logins, registrations and refusals are saved in the database: who, with which client, from which address. `npm run
   * prune-clients` needs them, and whoever looks into an incident. @default true
   */
  logins: z.boolean().default(true),
  /** So is who changed what in the realm, without the new values, which hold personal data. @default true */
  adminChanges: z.boolean().default(true),
  /** Days that both are kept. @default 90 */
  retentionDays: z
    .int()
    .min(1, "must be at least 1: Keycloak takes 0 for ever")
    .max(3650, "must be at most 3650, ten years: they are rows of the database that logins need")
    .default(90),
});

const realm = z.strictObject({
  /** Name of the realm, a part of every URL of it. @default "mcp" */
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9_-]{0,35}$/,
      "must be 1 to 36 letters, digits, - and _, because it is a part of the issuer's URL",
    )
    .refine((name) => name !== "master", "must not be master: that realm holds Keycloak's own administrators")
    .default("mcp"),
  /** Name of the realm as people read it. @default "MCP Authorization Server" */
  displayName: z.string().min(1).default("MCP Authorization Server"),
  /** That name as HTML, for the head of the login pages. @default "<b>Model Context Protocol</b>" */
  displayNameHtml: z.string().default("<b>Model Context Protocol</b>"),
  /** Which requests must use HTTPS: `external` allows loopback, `all` refuses even that. @default "external" */
  sslRequired: z.enum(["external", "all"]).default("external"),
  /** How long tokens and logins live. */
  lifespans: lifespans.prefault({}),
  /** What is saved of what happens in the realm, as an audit trail. */
  events: events.prefault({}),
  /** Keycloak's password policy. @default 12 characters of four kinds */
  passwordPolicy: z.string().default("length(12) and upperCase(1) and lowerCase(1) and digits(1) and specialChars(1)"),
  /** Terraform refuses to destroy or replace the realm, and with it every user. @default true */
  deletionProtection: z.boolean().default(true),
});

const spaClient = z.strictObject({
  /** Client id that the application sends. @default "mcp-spa" */
  clientId: z.string().min(1).max(255).default("mcp-spa"),
  /** Its name, as administrators and people who log in read it. @default "MCP web application" */
  name: z.string().min(1).default("MCP web application"),
  /** Exact redirect URIs, no wildcards. */
  redirectUris: z.array(secureUrl()).min(1),
  /** Origins that may call the token endpoint from a browser. @default the origins of the redirect URIs */
  webOrigins: z.array(origin()).optional(),
});

const redirectPattern = z.string().superRefine((pattern, context) => {
  const refuse = (message: string) =>
    context.addIssue({ code: "custom", message: `${JSON.stringify(pattern)} ${message}` });
  let regex: RegExp;
  try {
    regex = new RegExp(`^(?:${pattern})$`);
  } catch {
    return refuse("is no regular expression");
  }
  if (/[&<>]/.test(pattern)) return refuse("must not contain &, < or >: Terraform would report a change for ever");
  const evil = ALL_FORBIDDEN_REDIRECT_URIS.find(([, uri]) => regex.test(uri));
  if (evil)
    refuse(`is too wide, it also allows ${evil[0]} (${evil[1]}): write out scheme, host and path, with \\. for a dot`);
});

const trustedHosts = z.strictObject({
  /** Hosts that clients may register redirect URIs of, such as `claude.ai`. */
  hosts: z.array(z.string().min(1)).min(1),
});

const registration = z.strictObject({
  /** Known clients whose redirect URIs are allowed (see realm/redirect-uris.ts). @default all of them */
  redirects: z
    .array(z.enum(REDIRECT_FAMILY_NAMES as [RedirectFamilyName, ...RedirectFamilyName[]]))
    .default(REDIRECT_FAMILY_NAMES),
  /** Further redirect URIs, as regular expressions for the whole URI. @default none */
  redirectPatterns: z.array(redirectPattern).default([]),
  /**
   * Keycloak's Trusted Hosts policy: `remove`, because the client policy whitelists redirect URIs, or the hosts to
   * keep it with (it then answers 500 to private-use schemes such as cursor://). @default "remove"
   */
  trustedHosts: z
    .union([z.literal("remove"), trustedHosts], { error: 'must be "remove" or { hosts: ["claude.ai", ...] }' })
    .default("remove"),
  /** Origins of browser pages that may register, such as MCP Inspector's. @default none */
  webOrigins: z.array(origin()).default([]),
  /** Clients in the realm, the six built-in ones included, from which on nobody can register. @default 1000 */
  maxClients: z
    .int()
    .min(10, "must be at least 10: Keycloak counts its six built-in clients, and 0 means none, not unlimited")
    .max(1_000_000)
    .default(1000),
});

const registrationThatFits = registration.superRefine(({ redirects, redirectPatterns, trustedHosts }, context) => {
  if (trustedHosts === "remove" || redirects.length === 0) return;
  if (redirectRules(redirects, redirectPatterns, trustedHosts.hosts).examples.length > 0) return;
  const known = redirects.flatMap((name) => REDIRECT_FAMILIES[name].hosts);
  context.addIssue({
    code: "custom",
    path: ["trustedHosts", "hosts"],
    message: `lets no redirect URI of registration.redirects through: list hosts of them, such as ${known.join(", ")}`,
  });
});

const keycloak = z.strictObject({
  /** Release of Keycloak. @default the newest this project is tested with */
  version: z
    .string()
    .refine(
      (version) => lineOf(version) !== undefined,
      `must be a release of a tested line (${KEYCLOAK_LINES.map((line) => `${line.name}.x`).join(", ")}), such as "${DEFAULT_KEYCLOAK_VERSION}"`,
    )
    .default(DEFAULT_KEYCLOAK_VERSION),
  /** Where people and clients reach Keycloak, relative path included: the issuer begins with it. */
  url: secureUrl(),
});

/** The schema of an environment file: the type, the defaults and the error messages all come from here. */
export const environmentSchema = z
  .strictObject({
    /** Name of the environment; its stacks are `<name>-realm` and so on. */
    name: z
      .string()
      .regex(
        /^(?=.{2,20}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
        "must be 2 to 20 lower-case letters, digits and single dashes, beginning with a letter: it becomes part of AWS names",
      ),
    /** The AWS account and everything in it. @default none: only the realm, on a Keycloak that runs elsewhere */
    aws: aws.optional(),
    /** Release and address of Keycloak. */
    keycloak,
    /** The realm that MCP clients register in and people log in to. */
    realm: realm.prefault({}),
    /** The MCP servers that tokens are for. */
    mcpServers: z.array(mcpServer).min(1, "must name at least one MCP server"),
    /**
     * How the audience gets into access tokens: `resource-client` makes a client that stands for the resource and an
     * audience mapper (works with RFC 8707 on and off, and with several servers); `hardcoded-claim` is the article's.
     * @default "resource-client"
     */
    audience: z.enum(["resource-client", "hardcoded-claim"]).default("resource-client"),
    /** Turns Keycloak's (experimental) RFC 8707 feature on: a foreign `resource` is then refused. @default false */
    resourceIndicators: z.boolean().default(false),
    /** A public single-page application registered by hand. @default none */
    spaClient: spaClient.optional(),
    /** What MCP clients may register by themselves (RFC 7591). */
    registration: registrationThatFits.prefault({}),
  })
  .superRefine((value, context) => {
    const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
    const scopes = new Map<string, number>();
    const resources = new Map<string, number>();
    value.mcpServers.forEach((server, index) => {
      const scope = server.scope ?? (index === 0 ? "mcp:run" : undefined);
      if (!scope) return refuse(["mcpServers", index, "scope"], "is missing: only the first server has a default");
      if (RESERVED_SCOPES.has(scope))
        refuse(["mcpServers", index, "scope"], `"${scope}" is a built-in scope of Keycloak: choose another name`);
      const sameScope = scopes.get(scope);
      if (sameScope !== undefined)
        refuse(["mcpServers", index, "scope"], `"${scope}" is already the scope of mcpServers[${sameScope}]`);
      scopes.set(scope, index);
      const sameResource = resources.get(server.resource);
      if (sameResource !== undefined)
        refuse(
          ["mcpServers", index, "resource"],
          `"${server.resource}" is already that of mcpServers[${sameResource}]`,
        );
      resources.set(server.resource, index);
    });
    if (value.aws)
      for (const { path, message } of awsProblems(value.aws, value.keycloak.url)) refuse([...path], message);
    if (value.audience === "hardcoded-claim" && value.mcpServers.length > 1)
      refuse(["audience"], '"hardcoded-claim" can hold one MCP server only: use "resource-client"');
    if (value.audience === "hardcoded-claim" && value.resourceIndicators)
      refuse(
        ["audience"],
        '"hardcoded-claim" makes every client fail with invalid_target while resourceIndicators is on: use "resource-client"',
      );
    if (value.resourceIndicators && lineOf(value.keycloak.version)?.resourceIndicatorsFeature === undefined)
      refuse(
        ["resourceIndicators"],
        `is not in Keycloak ${value.keycloak.version}: set keycloak.version to 26.7.x, or leave it off`,
      );
  })
  .transform((value) => ({
    ...value,
    mcpServers: value.mcpServers.map((server) => ({ ...server, scope: server.scope ?? "mcp:run" })),
  }));

/** Client scopes that Keycloak makes by itself in every realm, and `openid`, which is none. */
export const RESERVED_SCOPES: ReadonlySet<string> = new Set([
  "openid",
  "profile",
  "email",
  "address",
  "phone",
  "offline_access",
  "microprofile-jwt",
  "roles",
  "web-origins",
  "acr",
  "basic",
  "organization",
  "service_account",
  "role_list",
  "saml_organization",
  "AuthnContextClassRef",
]);

/** An environment file as a person writes it. */
export type EnvironmentInput = z.input<typeof environmentSchema>;

/** A valid environment with every default filled in; durations in seconds. */
export type Environment = z.output<typeof environmentSchema>;

/**
 * Types an environment file; it is checked when it is loaded, so that all its errors are reported at once.
 * @example export default defineEnvironment({ name: "production", ... });
 */
export function defineEnvironment(environment: EnvironmentInput): EnvironmentInput {
  return environment;
}
