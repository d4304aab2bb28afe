import { CheckSkipped, expect, quote, type Check } from "../check.ts";
import { clientShapes } from "../client-shapes.ts";
import { authorizationError, type RegisteredClient, type VerifyContext } from "../context.ts";
import { findClient } from "../../keycloak/realms.ts";
import { pkcePair } from "../pkce.ts";

const group = "Registration";

/** What a client that follows the rules can do. */
export const registrationChecks: Check[] = [
  {
    id: "dcr.client-shapes",
    group,
    run: async (context) => {
      const shapes = clientShapes(context.definition);
      for (const shape of shapes) {
        const response = await context.tryToRegister({ redirect_uris: [context.redirectUri], ...shape.metadata });
        expect(response.status === 201, `${shape.client}: ${response.status} ${quote(response.data)}`);
      }
      return `${shapes.length} shapes`;
    },
  },
  {
    id: "dcr.public-client",
    group,
    run: async (context) => {
      const client = await context.probeClient();
      const method = client.token_endpoint_auth_method;
      expect(method === "none", `token_endpoint_auth_method none became ${quote(method)}`);
      expect(!client.client_secret, "the client was given a secret");
      return "none";
    },
  },
  {
    id: "dcr.openid-scope",
    group,
    run: async (context) => {
      const scope = `openid ${context.definition.mcpScopes[0]!.name}`;
      await context.probeClient({ scope });
      return scope;
    },
  },
  {
    id: "dcr.scope-inheritance",
    group,
    run: async (context) => {
      const scope = context.definition.mcpScopes[0]!.name;
      const live = await asAdmin(context, await context.probeClient());
      const defaults = live.defaultClientScopes ?? [];
      expect(defaults.includes(scope), `default scopes of a new client: ${defaults.join(", ") || "none"}`);
      return `${scope} among ${defaults.length} default scopes`;
    },
  },
  {
    id: "dcr.unknown-scope",
    group,
    run: async (context) => {
      const response = await context.tryToRegister({ redirect_uris: [context.redirectUri], scope: "service_account" });
      expect(response.status === 403, `scope service_account: ${response.status}`);
      return "403";
    },
  },
  {
    id: "dcr.redirects-allowed",
    group,
    run: async (context) => {
      const { examples } = context.definition.redirects;
      if (examples.length === 0) throw new CheckSkipped("this environment allows no known client");
      const refused: string[] = [];
      for (const uri of examples) {
        const response = await context.tryToRegister({ redirect_uris: [uri] });
        if (response.status !== 201) refused.push(`${uri} (${response.status})`);
      }
      expect(refused.length === 0, `refused: ${refused.join(", ")}`);
      return `${examples.length} redirect URIs`;
    },
  },
  {
    id: "dcr.loopback-port",
    group,
    run: async (context) => {
      if (!context.definition.redirects.examples.includes("http://127.0.0.1/"))
        throw new CheckSkipped("this environment allows no native clients");
      const client = await context.probeClient({ redirect_uris: ["http://127.0.0.1/"] });
      const response = await context.authorize(client, {
        redirect_uri: "http://127.0.0.1:51234/",
        code_challenge: pkcePair().challenge,
        code_challenge_method: "S256",
      });
      const error = authorizationError(response);
      expect(error === undefined, `http://127.0.0.1/ used with port 51234: ${error}`);
      return "http://127.0.0.1/ with any port";
    },
  },
  {
    id: "dcr.consent",
    group,
    run: async (context) => {
      const live = await asAdmin(context, await context.probeClient());
      expect(live.consentRequired === true, "the client needs no consent");
      expect(live.fullScopeAllowed === false, "the client has full scope");
      return "consent required, full scope off";
    },
  },
  {
    id: "dcr.browser-origin",
    group,
    run: async (context) => {
      if (!context.definition.line.hasWebOriginsPolicy)
        throw new CheckSkipped(`Keycloak ${context.definition.line.name} has no such policy`);
      const metadata = { redirect_uris: [context.redirectUri] };
      const evil = await context.tryToRegister(metadata, { Origin: "https://evil.example" });
      expect(evil.status === 403, `Origin https://evil.example: ${evil.status}`);
      const policy = context.definition.registrationPolicies.find((p) => p.providerId === "registration-web-origins");
      for (const origin of policy?.config["web-origins"] ?? []) {
        const response = await context.tryToRegister(metadata, { Origin: origin });
        expect(response.status === 201, `Origin ${origin}: ${response.status} ${quote(response.data)}`);
      }
      return "a foreign origin gets 403";
    },
  },
];

async function asAdmin(context: VerifyContext, client: RegisteredClient) {
  const live = await findClient(context.admin, client.client_id);
  expect(live, `client ${client.client_id} is not there`);
  return live;
}
