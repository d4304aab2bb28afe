import { CheckSkipped, expect, type Check } from "../check.ts";
import type { RegisteredClient } from "../context.ts";
import { temporaryUser } from "../flow.ts";
import { logIn } from "../login-pages.ts";
import { pkcePair } from "../pkce.ts";
import { credentialsOf, errorOf, tokenRequest } from "../token-request.ts";

const GRANT = "urn:ietf:params:oauth:grant-type:device_code";

/** What the server gives a device. RFC 8628 section 3.2. */
interface DeviceAuthorization {
  readonly device_code?: string;
  readonly verification_uri_complete?: string;
}

/**
 * A stranger asks for a device code, and a victim follows the link, logs in and approves. Keycloak looks at the request
 * for the token only then, so that nothing less than the whole shows it; needs `--login`.
 */
export const deviceGrantCheck: Check = {
  id: "hole.device-grant",
  group: "Refusals",
  run: async (context) => {
    if (!context.options.login) throw new CheckSkipped("needs --login");
    const { device_authorization_endpoint: endpoint } = await context.metadata();
    if (!endpoint) return "there is no device authorization endpoint";
    const registered = await context.tryToRegister({
      redirect_uris: [context.redirectUri],
      grant_types: ["authorization_code", GRANT],
      token_endpoint_auth_method: "client_secret_post",
    });
    if (registered.status !== 201) return `registration answers ${registered.status}`;
    const client = registered.data as RegisteredClient;
    const { verifier, challenge } = pkcePair();
    const scope = `openid ${context.definition.mcpScopes[0]!.name}`;
    const form = { ...credentialsOf(client), scope, code_challenge: challenge, code_challenge_method: "S256" };
    const device = await context.http.post<DeviceAuthorization>(endpoint, new URLSearchParams(form));
    const { device_code, verification_uri_complete: link } = device.data;
    if (!device_code || !link) return `${device.status} ${errorOf(device.data)} at the device endpoint`;

    await logIn(context.http, new URL(link), `${context.issuer}/device/status`, await temporaryUser(context));
    const token = await tokenRequest(context, client, { grant_type: GRANT, device_code, code_verifier: verifier });
    const error = errorOf(token.data);
    expect(token.status >= 400, "a stranger got a token by a device code that somebody else approved");
    expect(error !== "authorization_pending", "the approval of a device code could not be tried to its end");
    return `${token.status} ${error}, after the approval`;
  },
};
