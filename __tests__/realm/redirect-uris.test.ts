import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  ALL_FORBIDDEN_REDIRECT_URIS,
  REDIRECT_FAMILIES,
  REDIRECT_FAMILY_NAMES,
  redirectRules,
  type RedirectFamily,
} from "../../realm/redirect-uris.ts";

const all = redirectRules(REDIRECT_FAMILY_NAMES, []);
const allowed = (uri: string) => all.patterns.some((pattern) => new RegExp(`^(?:${pattern})$`).test(uri));

describe("[dcr.redirects-allowed] the patterns allow what real clients send", () => {
  test.each([
    "http://127.0.0.1:1/x",
    "http://127.0.0.1/",
    "http://127.0.0.1",
    "http://localhost:65535/oauth/callback?a=b",
    "http://[::1]:8080/callback",
    "https://vscode.dev/redirect",
    "https://insiders.vscode.dev/redirect",
    "vscode://vscode.github-authentication/did-authenticate",
    "https://claude.ai/api/mcp/auth_callback",
    "https://claude.com/api/mcp/auth_callback",
    "claude://oauth/callback",
    "https://chatgpt.com/connector_platform_oauth_redirect",
    "https://chatgpt.com/connector/oauth/a1B2_c-3",
    "https://www.cursor.com/agents/mcp/oauth/callback",
    "cursor://anysphere.cursor-mcp/oauth/callback",
    "cursor://anysphere.cursor-retrieval/oauth/user-github/callback",
  ])("%s", (uri) => expect(allowed(uri)).toBe(true));

  test.each(REDIRECT_FAMILY_NAMES)("%s: its own examples", (name) => {
    const family: RedirectFamily = REDIRECT_FAMILIES[name];
    const rules = redirectRules([name], []);
    for (const uri of family.examples)
      expect(rules.patterns.some((pattern) => new RegExp(`^(?:${pattern})$`).test(uri))).toBe(true);
  });
});

describe("[hole.redirect-uris] the patterns allow no stranger", () => {
  test.each([
    ...ALL_FORBIDDEN_REDIRECT_URIS,
    ["a back slash before the host", "http://localhost\\@evil.example/"],
    ["an encoded at sign as host", "http://localhost%40evil.example/"],
    ["a port that is too long", "http://localhost:123456/"],
    ["another ip", "http://127.0.0.2/cb"],
    ["an ip that begins alike", "http://127.0.0.1.evil.example/"],
    ["a dot that is no dot", "https://vscodeXdev/redirect"],
    ["a line break", "http://localhost/\nhttps://evil.example"],
    ["another cursor app", "cursor://evil/oauth/callback"],
    ["https on loopback with a host in front", "https://evil.example/http://localhost/"],
  ])("%s: %s", (_, uri) => expect(allowed(uri)).toBe(false));

  test("whatever comes before it, evil.example is no host that gets a code", () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ["http", "https"] }), fc.webPath(), (url, path) => {
        const { hostname } = new URL(url);
        fc.pre(!all.hosts.includes(hostname));
        return !allowed(url) && !allowed(`https://${hostname}${path}`);
      }),
    );
  });

  test("a loopback URI that is allowed really leads to loopback", () => {
    const characters = fc.stringMatching(/^[a-z0-9@:/\\.%?[\]-]{0,20}$/);
    fc.assert(
      fc.property(characters, (rest) => {
        const uri = `http://localhost${rest}`;
        return !allowed(uri) || (URL.canParse(uri) && new URL(uri).hostname === "localhost");
      }),
      { numRuns: 2000 },
    );
  });
});

test("patterns have no character that Terraform's JSON would escape", () => {
  expect(all.patterns.filter((pattern) => /[&<>]/.test(pattern))).toEqual([]);
});

test("the hosts of further patterns are known to policies that check hosts only", () => {
  expect(redirectRules([], ["https://app\\.example\\.com/cb", "myapp://cb"])).toMatchObject({
    hosts: ["app.example.com"],
    privateUseSchemes: true,
  });
});
