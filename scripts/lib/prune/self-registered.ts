import type { RealmDefinition } from "../../../realm/definition.ts";
import type { ClientRepresentation } from "../keycloak/realms.ts";

/** What is known of clients beside their representation. */
export interface Origins {
  /** Client ids (not ids) of saved CLIENT_REGISTER events, and when they registered, in milliseconds. */
  readonly registered: ReadonlyMap<string, number>;
  /** Ids (not client ids) of clients that an administrator made or changed, as far as admin events are saved. */
  readonly administered: ReadonlySet<string>;
}

/** Keycloak's endpoint for OpenID Connect registrations writes it on each client; Admin API and console do not. */
const MARK = "frontchannel.logout.session.required";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Whether a client has certainly registered itself. Keycloak keeps no note of that, so it takes all of:
 *
 * - it is held to what the realm's registration policies hold anonymous clients to (consent, no full scope), and has
 *   nothing that a client cannot give itself there: no protocol mapper, no login flow of its own, not disabled. Built-in
 *   clients, those of the definition, and those that an administrator's token registered fail here;
 * - it came by registration: its CLIENT_REGISTER event is still saved; or else its id is its client id, which Keycloak
 *   does for registrations, where the console, Terraform and an Admin API request that names a client id give it an id of
 *   its own, and it has the mark that the registration endpoint leaves;
 * - no saved admin event says that an administrator made or changed it.
 *
 * Nothing tells a registration with an initial access token from one without: these count as self-registered. (Measured
 * on 26.4.5 and 26.7.3.)
 */
export function hasRegisteredItself(
  client: ClientRepresentation,
  definition: RealmDefinition,
  { registered, administered }: Origins,
): boolean {
  const { id, clientId, attributes } = client;
  if (!id || !clientId || isOfDefinition(clientId, definition)) return false;
  return (
    isHeldToPolicies(client) &&
    (registered.has(clientId) || (id === clientId && UUID.test(id) && attributes?.[MARK] !== undefined)) &&
    !administered.has(id)
  );
}

function isHeldToPolicies(client: ClientRepresentation): boolean {
  return (
    client.protocol === "openid-connect" &&
    client.enabled === true &&
    client.consentRequired === true &&
    client.fullScopeAllowed === false &&
    client.bearerOnly !== true &&
    client.authorizationServicesEnabled !== true &&
    (client.protocolMappers ?? []).length === 0 &&
    Object.keys(client.authenticationFlowBindingOverrides ?? {}).length === 0
  );
}

function isOfDefinition(clientId: string, { resourceClients, spaClient }: RealmDefinition): boolean {
  return clientId === spaClient?.clientId || resourceClients.some((resource) => resource.clientId === clientId);
}
