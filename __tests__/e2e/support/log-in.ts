import * as oauth from "openid-client";
import { configurationFor, temporaryUser } from "../../../scripts/lib/verify/flow.ts";
import type { RegisteredClient, VerifyContext } from "../../../scripts/lib/verify/context.ts";
import { logIn } from "../../../scripts/lib/verify/login-pages.ts";

/**
 * The temporary user logs in with a public client that was registered before, and consents.
 * @returns the id of the session
 */
export async function logInWith(context: VerifyContext, client: RegisteredClient, scope: string): Promise<string> {
  const configuration = await configurationFor(context, client);
  const verifier = oauth.randomPKCECodeVerifier();
  const state = oauth.randomState();
  const start = oauth.buildAuthorizationUrl(configuration, {
    redirect_uri: context.redirectUri,
    scope: `openid ${scope}`,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  });
  const { redirect } = await logIn(context.http, start, context.redirectUri, await temporaryUser(context));
  const checks = { pkceCodeVerifier: verifier, expectedState: state, idTokenExpected: true };
  const tokens = await oauth.authorizationCodeGrant(configuration, redirect, checks);
  return tokens.claims()!.sid as string;
}
