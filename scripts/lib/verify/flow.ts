import { randomBytes } from "node:crypto";
import * as jose from "jose";
import * as oauth from "openid-client";
import { createUser } from "../keycloak/users.ts";
import { CheckFailure, CheckSkipped, messageFrom } from "./check.ts";
import type { RegisteredClient, VerifyContext } from "./context.ts";
import { logIn, type LoginOutcome, type Person } from "./login-pages.ts";

/** What one authorization code flow gave. */
export interface FlowResult {
  readonly client: RegisteredClient;
  readonly configuration: oauth.Configuration;
  readonly tokens: oauth.TokenEndpointResponse;
  readonly accessToken: jose.JWTPayload;
  readonly idToken: jose.JWTPayload;
  readonly outcome: LoginOutcome;
}

const flows = new WeakMap<VerifyContext, Map<string, Promise<FlowResult>>>();
const people = new WeakMap<VerifyContext, Promise<Person>>();

/**
 * The authorization code flow with PKCE S256 of a new public client, as an MCP client runs it; once per scope, resource and run.
 * @param scope what the client asks for
 * @param resource the MCP server (RFC 8707)
 * @throws CheckSkipped unless `--login` is given
 */
export function codeFlow(context: VerifyContext, scope: string, resource: string): Promise<FlowResult> {
  if (!context.options.login) throw new CheckSkipped("needs --login");
  const known = flows.get(context) ?? new Map<string, Promise<FlowResult>>();
  flows.set(context, known);
  const key = `${scope} ${resource}`;
  const flow = known.get(key) ?? runFlow(context, scope, resource);
  known.set(key, flow);
  return flow;
}

/** The temporary user of this run. */
export function temporaryUser(context: VerifyContext): Promise<Person> {
  const person = people.get(context) ?? makeUser(context);
  people.set(context, person);
  return person;
}

async function makeUser(context: VerifyContext): Promise<Person> {
  // Four kinds of characters and 36 of them: enough for any sane password policy.
  const person = { username: context.tag, password: `${randomBytes(24).toString("base64url")}-Aa1` };
  await createUser(context.admin, {
    ...person,
    firstName: "Temporary",
    lastName: "Verifier",
    email: `${context.tag}@example.invalid`,
  });
  return person;
}

/** The client side of openid-client, for a client that verify registered. */
export async function configurationFor(context: VerifyContext, client: RegisteredClient): Promise<oauth.Configuration> {
  const insecure = context.issuer.startsWith("http:") ? [oauth.allowInsecureRequests] : [];
  return oauth.discovery(new URL(context.issuer), client.client_id, undefined, oauth.None(), { execute: insecure });
}

async function runFlow(context: VerifyContext, scope: string, resource: string): Promise<FlowResult> {
  const client = await context.probeClient();
  const configuration = await configurationFor(context, client);
  const verifier = oauth.randomPKCECodeVerifier();
  const state = oauth.randomState();
  const nonce = oauth.randomNonce();
  const start = oauth.buildAuthorizationUrl(configuration, {
    redirect_uri: context.redirectUri,
    scope,
    resource,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  });
  const outcome = await logIn(context.http, start, context.redirectUri, await temporaryUser(context));
  try {
    const tokens = await oauth.authorizationCodeGrant(
      configuration,
      outcome.redirect,
      { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true },
      { resource },
    );
    const keys = jose.createRemoteJWKSet(new URL(configuration.serverMetadata().jwks_uri!));
    const { payload } = await jose.jwtVerify(tokens.access_token, keys, { issuer: context.issuer });
    return { client, configuration, tokens, accessToken: payload, idToken: jose.decodeJwt(tokens.id_token!), outcome };
  } catch (error) {
    throw new CheckFailure(`no token: ${messageFrom(error)}`);
  }
}
