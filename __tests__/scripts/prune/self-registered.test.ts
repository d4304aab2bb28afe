import { describe, expect, test } from "@jest/globals";
import { realmDefinition } from "../../../realm/definition.ts";
import type { ClientRepresentation } from "../../../scripts/lib/keycloak/realms.ts";
import { hasRegisteredItself } from "../../../scripts/lib/prune/self-registered.ts";
import { environment } from "../../support/environment.ts";

const ID = "1af3961f-7a8e-49e1-9812-9300c3f9e477";
const OTHER_ID = "36d94fe2-378b-4ad9-8546-843e681a3112";

/** The parts that count of what Keycloak 26.4.5 and 26.7.3 give for a client that registered without credentials. */
const REGISTERED: ClientRepresentation = {
  id: ID,
  clientId: ID,
  enabled: true,
  bearerOnly: false,
  consentRequired: true,
  fullScopeAllowed: false,
  protocol: "openid-connect",
  authenticationFlowBindingOverrides: {},
  attributes: { realm_client: "false", "frontchannel.logout.session.required": "false" },
};

const definition = realmDefinition(environment({ spaClient: { redirectUris: ["https://app.example.com/callback"] } }));

function judge(
  changes: Partial<ClientRepresentation> = {},
  { registered = [], administered = [] }: { registered?: string[]; administered?: string[] } = {},
): boolean {
  return hasRegisteredItself({ ...REGISTERED, ...changes }, definition, {
    registered: new Map(registered.map((clientId) => [clientId, 0])),
    administered: new Set(administered),
  });
}

describe("[clients.prune] a client has certainly registered itself", () => {
  test("where it looks like one", () => {
    expect(judge()).toBe(true);
  });

  test("where its registration is saved, whatever it calls itself", () => {
    expect(judge({ id: OTHER_ID, clientId: "chosen", attributes: {} }, { registered: ["chosen"] })).toBe(true);
  });
});

describe("[clients.prune] a client may not have registered itself", () => {
  test.each<[string, Partial<ClientRepresentation>]>([
    ["has an id of its own, as of the console", { id: OTHER_ID }],
    ["has a client id that somebody chose", { id: OTHER_ID, clientId: "partner" }],
    ["has one and the same that is no UUID", { id: "partner", clientId: "partner" }],
    ["has not what the endpoint leaves, as of the Admin API", { attributes: { realm_client: "false" } }],
    ["has no attributes", { attributes: undefined }],
    ["has no id", { id: undefined }],
  ])("where it %s, and no registration is saved", (_, changes) => {
    expect(judge(changes)).toBe(false);
  });

  test.each<[string, Partial<ClientRepresentation>]>([
    ["needs no consent, as one that an administrator's token registered", { consentRequired: false }],
    ["has the full scope", { fullScopeAllowed: true }],
    ["is of SAML", { protocol: "saml" }],
    ["is disabled", { enabled: false }],
    ["is bearer-only", { bearerOnly: true }],
    ["has authorization services", { authorizationServicesEnabled: true }],
    ["has a mapper", { protocolMappers: [{ name: "audience" }] }],
    ["has a login flow of its own", { authenticationFlowBindingOverrides: { browser: "flow" } }],
  ])("where it %s, whatever is saved", (_, changes) => {
    expect(judge(changes, { registered: [ID] })).toBe(false);
  });

  test("where an administrator made or changed it", () => {
    expect(judge({}, { registered: [ID], administered: [ID] })).toBe(false);
  });

  test.each(["mcp-spa", "https://mcp-server.example.com/mcp"])("where it is %s, of the definition", (clientId) => {
    expect(judge({ clientId }, { registered: [clientId] })).toBe(false);
  });
});
