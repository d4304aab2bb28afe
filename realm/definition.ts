import type { Environment } from "../environments/schema/index.ts";
import { clientPolicies, clientProfiles, type ClientPolicy, type ClientProfile } from "./client-policies.ts";
import { redirectRules, type RedirectRules } from "./redirect-uris.ts";
import { registrationPolicies, type RegistrationPolicy } from "./registration-policies.ts";
import { lineOf, type KeycloakLine } from "./versions/index.ts";

/** The realm's own settings; times in seconds unless the name says otherwise. */
export interface RealmSettings {
  readonly displayName: string;
  readonly displayNameHtml: string;
  readonly sslRequired: "external" | "all";
  readonly accessTokenLifespan: number;
  readonly ssoSessionIdleTimeout: number;
  readonly ssoSessionMaxLifespan: number;
  readonly offlineSessionIdleTimeout: number;
  readonly passwordPolicy: string;
  /** Refresh tokens rotate: each can be used once. */
  readonly revokeRefreshToken: true;
  readonly refreshTokenMaxReuse: 0;
  readonly browserSecurityHeaders: SecurityHeaders;
  readonly bruteForce: BruteForceSettings;
  readonly events: EventSettings;
}

/**
 * What of the realm's events is saved in the database. Of user events those that Keycloak takes by default: all but the
 * ones of every request, such as `REFRESH_TOKEN`, which would be a row an hour for each client in use.
 * https://www.keycloak.org/docs/latest/server_admin/#configuring-auditing-to-track-events
 */
export interface EventSettings {
  /** User events: logins, registrations of clients, refusals. */
  readonly userEvents: boolean;
  /** Who changed what over the Admin API. */
  readonly adminEvents: boolean;
  /**
   * The new values are not saved with admin events: Keycloak masks secrets in them, but names and e-mail addresses would
   * stay there when their user is removed.
   */
  readonly adminEventsDetails: false;
  /** Seconds that events of both kinds are kept. */
  readonly expiration: number;
  /** `jboss-logging` writes events to the log, where the alarm on failed logins counts them. */
  readonly listeners: readonly string[];
}

/** The headers of every page of the realm, under Keycloak's names. */
export interface SecurityHeaders {
  readonly xFrameOptions: string;
  readonly contentSecurityPolicy: string;
  readonly contentSecurityPolicyReportOnly: string;
  readonly xContentTypeOptions: string;
  readonly xRobotsTag: string;
  readonly xXSSProtection: string;
  readonly strictTransportSecurity: string;
}

/** When an account is locked after failed logins. */
export interface BruteForceSettings {
  readonly permanentLockout: boolean;
  readonly maxLoginFailures: number;
  readonly waitIncrementSeconds: number;
  readonly quickLoginCheckMilliSeconds: number;
  readonly minimumQuickLoginWaitSeconds: number;
  readonly maxFailureWaitSeconds: number;
  readonly failureResetTimeSeconds: number;
}

/** What puts an MCP server's URI into `aud`, in access tokens only. */
export interface AudienceMapper {
  readonly name: "mcp-audience";
  readonly kind: Environment["audience"];
  /** The resource URI. */
  readonly audience: string;
}

/** A client scope that grants access to one MCP server. */
export interface McpScope {
  readonly name: string;
  readonly description: string;
  readonly consentText: string;
  readonly includeInTokenScope: true;
  readonly mapper: AudienceMapper;
}

/** A client that stands for an MCP server: nobody can log in with it; it gives the audience mapper its name. */
export interface ResourceClient {
  /** The resource URI, both client id and attribute `resource_url` (RFC 8707 in Keycloak 26.7). */
  readonly clientId: string;
  /** Name of the scope that grants access to the server. */
  readonly scope: string;
  readonly name: string;
}

/** The public single-page application that is registered by hand. */
export interface SpaClient {
  readonly clientId: string;
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly webOrigins: readonly string[];
}

/**
 * The realm, as data. The realm constructs turn it into Terraform, the local run makes it over the Admin API, and
 * `fix-policies` and `verify` compare it with the live realm; nothing repeats it.
 */
export interface RealmDefinition {
  readonly realm: string;
  readonly line: KeycloakLine;
  readonly settings: RealmSettings;
  readonly mcpScopes: readonly McpScope[];
  /** Scopes that every new client has. */
  readonly defaultScopes: readonly string[];
  /** Scopes that a client may ask for. */
  readonly optionalScopes: readonly string[];
  /** The only scopes that discovery lists: clients that know no better register all that it lists. */
  readonly discoverableScopes: readonly string[];
  readonly resourceClients: readonly ResourceClient[];
  readonly spaClient?: SpaClient;
  readonly redirects: RedirectRules;
  readonly clientProfiles: readonly ClientProfile[];
  readonly clientPolicies: readonly ClientPolicy[];
  readonly registrationPolicies: readonly RegistrationPolicy[];
  /** Keycloak features (`--features`) that the realm needs. */
  readonly serverFeatures: readonly string[];
}

/**
 * Makes the realm's definition.
 * @throws Error where the Keycloak release is unknown, which the environment's schema rules out
 */
export function realmDefinition(environment: Environment): RealmDefinition {
  const line = lineOf(environment.keycloak.version);
  if (!line) throw new Error(`no definition for Keycloak ${environment.keycloak.version}`);
  const { realm, registration, mcpServers, spaClient } = environment;
  const { trustedHosts } = registration;
  const redirects = redirectRules(
    registration.redirects,
    registration.redirectPatterns,
    trustedHosts === "remove" ? undefined : trustedHosts.hosts,
  );
  const mcpScopes = mcpServers.map((server): McpScope => ({
    name: server.scope,
    description: server.description,
    consentText: server.consentText,
    includeInTokenScope: true,
    mapper: { name: "mcp-audience", kind: environment.audience, audience: server.resource },
  }));
  // The first scope comes by default; the others are asked for, so that a token is never for servers nobody asked for.
  const [first, ...others] = mcpScopes.map((scope) => scope.name) as [string, ...string[]];

  return {
    realm: realm.name,
    line,
    settings: {
      displayName: realm.displayName,
      displayNameHtml: realm.displayNameHtml,
      sslRequired: realm.sslRequired,
      accessTokenLifespan: realm.lifespans.accessToken,
      ssoSessionIdleTimeout: realm.lifespans.ssoIdle,
      ssoSessionMaxLifespan: realm.lifespans.ssoMax,
      offlineSessionIdleTimeout: realm.lifespans.offlineIdle,
      passwordPolicy: realm.passwordPolicy,
      revokeRefreshToken: true,
      refreshTokenMaxReuse: 0,
      browserSecurityHeaders: SECURITY_HEADERS,
      bruteForce: BRUTE_FORCE,
      events: {
        userEvents: realm.events.logins,
        adminEvents: realm.events.adminChanges,
        adminEventsDetails: false,
        expiration: realm.events.retentionDays * 86_400,
        listeners: ["jboss-logging"],
      },
    },
    mcpScopes,
    defaultScopes: ["profile", "email", first, "roles", "web-origins", "acr", "basic"],
    optionalScopes: ["address", "phone", "offline_access", "microprofile-jwt", ...others],
    // offline_access stays listed: clients that find it ask for it, and keep working past the end of a login.
    discoverableScopes: [first, ...others, "offline_access"],
    resourceClients:
      environment.audience === "resource-client"
        ? mcpServers.map((server) => ({
            clientId: server.resource,
            scope: server.scope,
            name: `MCP server of ${server.scope}`,
          }))
        : [],
    spaClient: spaClient && {
      clientId: spaClient.clientId,
      name: spaClient.name,
      redirectUris: spaClient.redirectUris,
      webOrigins: spaClient.webOrigins ?? [...new Set(spaClient.redirectUris.map((uri) => new URL(uri).origin))],
    },
    redirects,
    clientProfiles: clientProfiles(line, redirects),
    clientPolicies: clientPolicies(),
    registrationPolicies: registrationPolicies({
      allowedScopes: ["profile", "email", first, ...others],
      trustedHosts: trustedHosts === "remove" ? "remove" : trustedHosts.hosts,
      webOrigins: registration.webOrigins,
      maxClients: registration.maxClients,
      hasWebOriginsPolicy: line.hasWebOriginsPolicy,
    }),
    serverFeatures:
      environment.resourceIndicators && line.resourceIndicatorsFeature ? [line.resourceIndicatorsFeature] : [],
  };
}

/** The article's values. https://www.keycloak.org/docs/latest/server_admin/#_clickjacking */
const SECURITY_HEADERS: SecurityHeaders = {
  xFrameOptions: "DENY",
  contentSecurityPolicy: "frame-src 'self'; frame-ancestors 'self'; object-src 'none';",
  contentSecurityPolicyReportOnly: "",
  xContentTypeOptions: "nosniff",
  xRobotsTag: "none",
  xXSSProtection: "1; mode=block",
  strictTransportSecurity: "max-age=31536000; includeSubDomains",
};

/** The article's values. https://www.keycloak.org/docs/latest/server_admin/#password-guess-brute-force-attacks */
const BRUTE_FORCE: BruteForceSettings = {
  permanentLockout: false,
  maxLoginFailures: 5,
  waitIncrementSeconds: 60,
  quickLoginCheckMilliSeconds: 1000,
  minimumQuickLoginWaitSeconds: 60,
  maxFailureWaitSeconds: 900,
  failureResetTimeSeconds: 900,
};
