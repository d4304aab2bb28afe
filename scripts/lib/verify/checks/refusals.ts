import { FORBIDDEN_REDIRECT_URIS } from "../../../../realm/redirect-uris.ts";
import type { RequirementId } from "../../../../requirements/index.ts";
import { CheckSkipped, expect, quote, type Check } from "../check.ts";
import { authorizationError, type RegisteredClient, type VerifyContext } from "../context.ts";
import { pkcePair } from "../pkce.ts";
import { errorOf, tokenRequest } from "../token-request.ts";
import { deviceGrantCheck } from "./device-grant.ts";

const group = "Refusals";

/** An address that only the server's own network reaches: where clouds hand out credentials. */
const METADATA_SERVICE = "http://169.254.169.254/latest/meta-data/";

const MAPPER = {
  name: "pose-as-another",
  protocol: "openid-connect",
  protocolMapper: "oidc-usermodel-property-mapper",
  config: {
    "user.attribute": "firstName",
    "claim.name": "sub",
    "access.token.claim": "true",
    "jsonType.label": "String",
  },
};

const REDIRECT_GROUPS: Record<keyof typeof FORBIDDEN_REDIRECT_URIS, RequirementId> = {
  hosts: "hole.redirect-uris",
  schemes: "hole.redirect-schemes",
  paths: "hole.redirect-paths",
};

/** The least that Keycloak takes for a SAML service provider. */
const SAML_DESCRIPTOR = (entityId: string) =>
  `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}"><SPSSODescriptor ` +
  'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><AssertionConsumerService index="0" ' +
  'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://evil.example/acs"/>' +
  "</SPSSODescriptor></EntityDescriptor>";

/** The holes that the article's set-up leaves open, each tried as a stranger would. */
export const refusalChecks: Check[] = [
  {
    id: "hole.client-credentials",
    group,
    run: async (context) => {
      const response = await context.tryToRegister({
        redirect_uris: [context.redirectUri],
        grant_types: ["client_credentials"],
        token_endpoint_auth_method: "client_secret_post",
      });
      if (response.status !== 201) return `registration answers ${response.status}`;
      const token = await tokenRequest(context, response.data as RegisteredClient, {
        grant_type: "client_credentials",
      });
      expect(token.status >= 400, `a stranger got a token without any user (${token.status})`);
      return `${token.status} ${errorOf(token.data)}`;
    },
  },
  {
    id: "hole.protocol-mappers",
    group,
    run: async (context) => {
      const created = await registerByDefaultEndpoint(context, { protocolMappers: [MAPPER] });
      expect(created >= 400, "a client was registered with a mapper that writes sub");
      const client = await registerByDefaultEndpoint(context, {}, true);
      if (typeof client === "number") return `registration answers ${created}`;
      const changed = await context.http.put(
        client.url,
        { ...client.representation, protocolMappers: [MAPPER] },
        { headers: { Authorization: `Bearer ${client.token}` } },
      );
      expect(changed.status >= 400, "a registered client added a mapper that writes sub");
      return `${created} at registration, ${changed.status} later`;
    },
  },
  {
    id: "hole.pkce-missing",
    group,
    run: async (context) => {
      const error = authorizationError(await context.authorize(await context.probeClient(), {}));
      expect(error !== undefined, "an authorization request without PKCE reaches the login page");
      return error;
    },
  },
  {
    id: "hole.pkce-plain",
    group,
    run: async (context) => {
      const { verifier } = pkcePair();
      const parameters = { code_challenge: verifier, code_challenge_method: "plain" };
      const error = authorizationError(await context.authorize(await context.probeClient(), parameters));
      expect(error !== undefined, "the challenge method plain reaches the login page");
      return error;
    },
  },
  {
    id: "hole.implicit",
    group,
    run: async (context) => {
      const types = ["token", "id_token", "id_token token", "code token", "code id_token"];
      const response = await context.tryToRegister({
        redirect_uris: [context.redirectUri],
        response_types: ["code", ...types],
        grant_types: ["authorization_code", "implicit"],
        token_endpoint_auth_method: "none",
      });
      const client = response.status === 201 ? (response.data as RegisteredClient) : await context.probeClient();
      const { challenge } = pkcePair();
      for (const type of types) {
        const error = authorizationError(
          await context.authorize(client, {
            response_type: type,
            nonce: "n",
            code_challenge: challenge,
            code_challenge_method: "S256",
          }),
        );
        expect(error !== undefined, `response_type ${quote(type)} reaches the login page`);
      }
      return `${types.length} response types`;
    },
  },
  {
    id: "hole.password-grant",
    group,
    run: async (context) => {
      const response = await context.tryToRegister({
        redirect_uris: [context.redirectUri],
        grant_types: ["authorization_code", "password"],
        token_endpoint_auth_method: "none",
      });
      const client = response.status === 201 ? (response.data as RegisteredClient) : await context.probeClient();
      const guess = { grant_type: "password", username: "nobody", password: "none" };
      const token = await tokenRequest(context, client, guess);
      const error = errorOf(token.data);
      // invalid_grant would mean that the password was looked at.
      expect(token.status >= 400 && error !== "invalid_grant", `the password grant is on (${token.status} ${error})`);
      // Keycloak makes this one in every realm; it is public.
      const own = await tokenRequest(context, { client_id: "admin-cli" }, guess);
      expect(
        own.status >= 400 && errorOf(own.data) !== "invalid_grant",
        "anybody may try passwords by client admin-cli",
      );
      return `${token.status} ${error}`;
    },
  },
  deviceGrantCheck,
  ...Object.entries(REDIRECT_GROUPS).map(([name, id]): Check => ({
    id,
    group,
    run: async (context) => {
      const uris = FORBIDDEN_REDIRECT_URIS[name as keyof typeof FORBIDDEN_REDIRECT_URIS];
      const accepted: string[] = [];
      for (const [kind, uri] of Object.entries(uris)) {
        // Once alone, once behind one that is allowed.
        for (const redirect_uris of [[uri], [context.redirectUri, uri]]) {
          const { status } = await context.tryToRegister({ redirect_uris });
          if (status < 400) accepted.push(`${kind} (${redirect_uris.join(" ")})`);
        }
      }
      expect(accepted.length === 0, `accepted: ${accepted.join(", ")}`);
      return Object.keys(uris).join(", ");
    },
  })),
  {
    id: "hole.redirect-change",
    group,
    run: async (context) => {
      const client = await context.probeClient();
      const { status } = await changeClient(context, client, { redirect_uris: ["https://evil.example/callback"] });
      expect(status >= 400, `a registered client changed its redirect URI to another host (${status})`);
      return `${status}`;
    },
  },
  {
    id: "hole.post-logout-uris",
    group,
    run: (context) => refusesMetadata(context, { post_logout_redirect_uris: ["https://evil.example/bye"] }),
  },
  {
    id: "hole.server-side-requests",
    group,
    run: async (context) => {
      await refusesMetadata(context, { jwks_uri: METADATA_SERVICE });
      await refusesMetadata(context, { request_uris: [METADATA_SERVICE] });
      await refusesMetadata(context, { backchannel_logout_uri: METADATA_SERVICE });
      await refusesMetadata(context, { jwks_uri: "https://evil.example/jwks" });
      return "jwks_uri, request_uris, backchannel_logout_uri";
    },
  },
  {
    id: "hole.front-channel-logout",
    group,
    run: (context) => refusesMetadata(context, { frontchannel_logout_uri: "https://evil.example/logout" }),
  },
  {
    id: "hole.web-origins",
    group,
    run: async (context) => {
      const status = await registerByDefaultEndpoint(context, { webOrigins: ["*"] });
      expect(status >= 400, "a client was registered with web origin *");
      // Then nothing is seen of Keycloak itself, and a gap of its release would look like one that is gone.
      if (status === 404 && context.definition.line.gaps["hole.web-origins"])
        throw new CheckSkipped("the load balancer closes the one endpoint that takes web origins from a client");
      return `${status}`;
    },
  },
  {
    id: "hole.saml-registration",
    group,
    run: async (context) => {
      const status = await registerByDefaultEndpoint(context, {
        protocol: "saml",
        clientId: context.tag,
        // Or a server that accepts it makes RSA keys for it, which takes up to half a minute.
        attributes: { "saml.client.signature": "false" },
      });
      expect(status >= 400, "a SAML client was registered");
      const descriptor = await context.http.post(
        `${context.issuer}/clients-registrations/saml2-entity-descriptor`,
        SAML_DESCRIPTOR(context.tag),
        { headers: { "Content-Type": "application/xml" } },
      );
      expect(descriptor.status >= 400, "a SAML client was registered by its descriptor");
      return `${status}, ${descriptor.status} by descriptor`;
    },
  },
];

/** Tries metadata at registration, then as a later change: both must be refused. */
async function refusesMetadata(context: VerifyContext, metadata: object): Promise<string> {
  const registration = await context.tryToRegister({ redirect_uris: [context.redirectUri], ...metadata });
  expect(registration.status >= 400, `${quote(metadata)} was accepted at registration`);
  const change = await changeClient(context, await context.probeClient(), metadata);
  expect(change.status >= 400, `${quote(metadata)} was accepted as a later change`);
  return `${registration.status} at registration, ${change.status} later`;
}

/** A change by the client itself, with its registration access token. RFC 7592 section 2.2. */
async function changeClient(context: VerifyContext, client: RegisteredClient, metadata: object) {
  const headers = { Authorization: `Bearer ${client.registration_access_token}` };
  return context.http.put(
    client.registration_client_uri,
    { client_id: client.client_id, client_name: context.tag, redirect_uris: [context.redirectUri], ...metadata },
    { headers },
  );
}

interface DefaultClient {
  readonly url: string;
  readonly token: string;
  readonly representation: object;
}

/**
 * Registers over Keycloak's own endpoint, which takes its whole client representation; a server may have it switched
 * off (404). https://www.keycloak.org/securing-apps/client-registration#_keycloak_representations
 */
async function registerByDefaultEndpoint(context: VerifyContext, extra: object): Promise<number>;
async function registerByDefaultEndpoint(
  context: VerifyContext,
  extra: object,
  keep: true,
): Promise<number | DefaultClient>;
async function registerByDefaultEndpoint(context: VerifyContext, extra: object, keep = false) {
  const url = `${context.issuer}/clients-registrations/default`;
  const representation = { name: context.tag, redirectUris: [context.redirectUri], ...extra };
  const { status, data } = await context.http.post<{ clientId: string; registrationAccessToken: string }>(
    url,
    representation,
  );
  if (!keep || status !== 201) return status;
  return { url: `${url}/${data.clientId}`, token: data.registrationAccessToken, representation: data };
}
