import * as oauth from "openid-client";
import { CheckFailure, CheckSkipped, expect, messageFrom, quote, type Check } from "../check.ts";
import { type VerifyContext } from "../context.ts";
import { codeFlow } from "../flow.ts";

const group = "Login";

/** The whole flow of a person with an MCP client; needs `--login`. */
export const loginChecks: Check[] = [
  {
    id: "token.code-flow",
    group,
    run: async (context) => {
      const { outcome } = await firstFlow(context);
      const { consentText } = context.definition.mcpScopes[0]!;
      expect(outcome.pages.includes("consent"), "no consent page was shown");
      expect(outcome.consentText.includes(consentText), `the consent page does not say ${quote(consentText)}`);
      return "login, consent, code, token";
    },
  },
  {
    id: "token.audience",
    group,
    run: async (context) => {
      const { mapper } = context.definition.mcpScopes[0]!;
      const { aud } = (await firstFlow(context)).accessToken;
      expect([aud].flat().includes(mapper.audience), `aud of the access token is ${quote(aud)}`);
      return `aud ${quote(aud)}`;
    },
  },
  {
    id: "token.scope",
    group,
    run: async (context) => {
      const { scope } = (await firstFlow(context)).accessToken;
      const name = context.definition.mcpScopes[0]!.name;
      expect(String(scope).split(" ").includes(name), `scope of the access token is ${quote(scope)}`);
      return String(scope);
    },
  },
  {
    id: "token.id-token-audience",
    group,
    run: async (context) => {
      const { idToken, client } = await firstFlow(context);
      expect(idToken.aud === client.client_id, `aud of the ID token is ${quote(idToken.aud)}`);
      return "the client alone";
    },
  },
  {
    id: "token.separate-audiences",
    group,
    run: async (context) => {
      const [first, ...others] = context.definition.mcpScopes;
      if (others.length === 0) throw new CheckSkipped("this environment has one MCP server");
      const firstAudiences = [(await firstFlow(context)).accessToken.aud].flat();
      for (const other of others) {
        expect(!firstAudiences.includes(other.mapper.audience), `a token for ${first!.name} is also for ${other.name}`);
        const flow = await codeFlow(context, `openid ${other.name}`, other.mapper.audience);
        const audiences = [flow.accessToken.aud].flat();
        const granted = String(flow.accessToken.scope).split(" ");
        expect(audiences.includes(other.mapper.audience), `aud for ${other.name} is ${quote(audiences)}`);
        for (const { name, mapper } of context.definition.mcpScopes)
          expect(
            granted.includes(name) || !audiences.includes(mapper.audience),
            `aud is ${quote(audiences)} for scope ${quote(granted)}`,
          );
      }
      return `${others.length + 1} MCP servers`;
    },
  },
  {
    id: "token.foreign-resource",
    group,
    run: async (context) => {
      if (context.definition.serverFeatures.length === 0)
        throw new CheckSkipped("resourceIndicators is off: a foreign resource is ignored");
      // Keycloak takes the user through login and consent, and refuses at the token endpoint.
      const { name } = context.definition.mcpScopes[0]!;
      const refusal = await codeFlow(context, `openid ${name}`, "https://other.example/mcp").then(
        ({ accessToken }) => new CheckFailure(`it yields a token with aud ${quote(accessToken.aud)}`),
        (error: unknown) => messageFrom(error),
      );
      if (refusal instanceof CheckFailure) throw refusal;
      expect(refusal.includes("invalid_target"), refusal);
      return refusal;
    },
  },
  {
    id: "token.refresh-rotation",
    group,
    run: async (context) => {
      const { configuration, tokens, accessToken } = await firstFlow(context);
      expect(tokens.refresh_token, "there is no refresh token");
      const resource = context.definition.mcpScopes[0]!.mapper.audience;
      const fresh = await oauth.refreshTokenGrant(configuration, tokens.refresh_token, { resource }).catch((error) => {
        throw new Error(`the first refresh was refused: ${messageFrom(error)}`);
      });
      expect(fresh.refresh_token !== tokens.refresh_token, "the refresh token did not change");
      const again = await oauth.refreshTokenGrant(configuration, tokens.refresh_token, { resource }).then(
        () => "accepted",
        (error: unknown) => messageFrom(error),
      );
      expect(again !== "accepted", "a refresh token that was used already was accepted");
      return `rotates; access token lives ${(accessToken.exp ?? 0) - (accessToken.iat ?? 0)} s`;
    },
  },
];

/** The flow for the first MCP server, which most rows look at. */
function firstFlow(context: VerifyContext) {
  const { name, mapper } = context.definition.mcpScopes[0]!;
  return codeFlow(context, `openid ${name}`, mapper.audience);
}
