import { expect, quote, type Check } from "../check.ts";

const group = "Discovery";

/** What a client reads before anything else. */
export const discoveryChecks: Check[] = [
  {
    id: "discovery.issuer",
    group,
    run: async (context) => {
      const { issuer } = await context.metadata();
      expect(issuer === context.issuer, `issuer is ${quote(issuer)}, not ${quote(context.issuer)}`);
      return issuer;
    },
  },
  {
    id: "discovery.oauth-metadata",
    group,
    run: async (context) => {
      const url = `${context.issuer}/.well-known/oauth-authorization-server`;
      const { status, data } = await context.http.get<{ issuer?: string }>(url);
      expect(status === 200, `${url} answers ${status}`);
      expect(data.issuer === context.issuer, `issuer is ${quote(data.issuer)}`);
      return ".well-known/oauth-authorization-server";
    },
  },
  {
    id: "discovery.s256",
    group,
    run: async (context) => {
      const methods = (await context.metadata()).code_challenge_methods_supported ?? [];
      expect(methods.includes("S256"), `code_challenge_methods_supported is ${quote(methods)}`);
      return methods.join(", ");
    },
  },
  {
    id: "discovery.registration-endpoint",
    group,
    run: async (context) => {
      const { registration_endpoint: endpoint } = await context.metadata();
      expect(endpoint?.startsWith(`${context.issuer}/`) === true, `registration_endpoint is ${quote(endpoint)}`);
      return endpoint.slice(context.issuer.length);
    },
  },
  {
    id: "discovery.scopes",
    group,
    run: async (context) => {
      const listed = (await context.metadata()).scopes_supported ?? [];
      const wanted = ["openid", ...context.definition.discoverableScopes];
      const extra = listed.filter((scope) => !wanted.includes(scope));
      const missing = wanted.filter((scope) => !listed.includes(scope));
      expect(extra.length === 0, `also lists ${extra.join(", ")}: run fix-policies`);
      expect(missing.length === 0, `does not list ${missing.join(", ")}`);
      return listed.join(", ");
    },
  },
];
