import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import type ClientScopeRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientScopeRepresentation.js";
import type RealmRepresentation from "@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js";
import type { McpScope, RealmDefinition, ResourceClient, SpaClient } from "./definition.ts";

/**
 * The definition in the words of the Admin REST API. Only what the definition decides is in here, so that comparing it
 * with a live representation finds differences, and nothing else.
 * https://www.keycloak.org/docs-api/latest/rest-api/index.html
 */

/** Attribute of a client scope that keeps it out of discovery's `scopes_supported`. */
export const DISCOVERABLE_ATTRIBUTE = "include.in.openid.provider.metadata";

/** Attribute of a realm: seconds that admin events are kept. */
export const ADMIN_EVENTS_EXPIRATION = "adminEventsExpiration";

/** The realm's settings, without scopes, clients and policies. */
export function realmRepresentation({ realm, settings }: RealmDefinition): RealmRepresentation {
  const { browserSecurityHeaders, bruteForce, events, ...plain } = settings;
  return {
    realm,
    enabled: true,
    ...plain,
    // The Admin API takes the headers as a map of strings, whatever its TypeScript type says.
    browserSecurityHeaders: { ...browserSecurityHeaders },
    bruteForceProtected: true,
    permanentLockout: bruteForce.permanentLockout,
    failureFactor: bruteForce.maxLoginFailures,
    waitIncrementSeconds: bruteForce.waitIncrementSeconds,
    quickLoginCheckMilliSeconds: bruteForce.quickLoginCheckMilliSeconds,
    minimumQuickLoginWaitSeconds: bruteForce.minimumQuickLoginWaitSeconds,
    maxFailureWaitSeconds: bruteForce.maxFailureWaitSeconds,
    maxDeltaTimeSeconds: bruteForce.failureResetTimeSeconds,
    eventsEnabled: events.userEvents,
    eventsExpiration: events.expiration,
    eventsListeners: [...events.listeners],
    enabledEventTypes: [], // Keycloak's own choice
    adminEventsEnabled: events.adminEvents,
    adminEventsDetailsEnabled: events.adminEventsDetails,
    attributes: { [ADMIN_EVENTS_EXPIRATION]: String(events.expiration) },
  };
}

/** A scope of an MCP server, with its audience mapper. */
export function scopeRepresentation(scope: McpScope): ClientScopeRepresentation {
  return {
    name: scope.name,
    description: scope.description,
    protocol: "openid-connect",
    attributes: {
      "include.in.token.scope": String(scope.includeInTokenScope),
      "display.on.consent.screen": "true",
      "consent.screen.text": scope.consentText,
    },
    protocolMappers: [
      scope.mapper.kind === "resource-client"
        ? {
            name: scope.mapper.name,
            protocol: "openid-connect",
            protocolMapper: "oidc-audience-mapper",
            config: {
              "included.client.audience": scope.mapper.audience,
              "id.token.claim": "false",
              "access.token.claim": "true",
            },
          }
        : {
            name: scope.mapper.name,
            protocol: "openid-connect",
            protocolMapper: "oidc-hardcoded-claim-mapper",
            config: {
              "claim.name": "aud",
              "claim.value": scope.mapper.audience,
              "jsonType.label": "String",
              "id.token.claim": "false",
              "access.token.claim": "true",
              "userinfo.token.claim": "false",
            },
          },
    ],
  };
}

/** What no flow can be started with. */
const NO_FLOWS = {
  standardFlowEnabled: false,
  implicitFlowEnabled: false,
  directAccessGrantsEnabled: false,
  serviceAccountsEnabled: false,
} as const;

/** The client that stands for an MCP server. Public, so that it has no secret to leak. */
export function resourceClientRepresentation(client: ResourceClient): ClientRepresentation {
  return {
    clientId: client.clientId,
    name: client.name,
    enabled: true,
    protocol: "openid-connect",
    publicClient: true,
    ...NO_FLOWS,
    fullScopeAllowed: false,
    attributes: { resource_url: client.clientId },
  };
}

/** The single-page application that is registered by hand. */
export function spaClientRepresentation(client: SpaClient): ClientRepresentation {
  return {
    clientId: client.clientId,
    name: client.name,
    enabled: true,
    protocol: "openid-connect",
    publicClient: true,
    ...NO_FLOWS,
    standardFlowEnabled: true,
    fullScopeAllowed: false,
    redirectUris: [...client.redirectUris],
    webOrigins: [...client.webOrigins],
    attributes: { "pkce.code.challenge.method": "S256" },
  };
}
