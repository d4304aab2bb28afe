import { describe, expect, test } from "@jest/globals";
import { checkEnvironment } from "../../environments/schema/explain.ts";
import { environmentSchema } from "../../environments/schema/index.ts";
import template from "../../environments/template.ts";
import { MINIMAL } from "../support/environment.ts";

/** The errors of the minimal environment with changes, as a person reads them. */
function errorsOf(changes: object): string[] {
  const result = checkEnvironment(environmentSchema, { ...MINIMAL, ...changes });
  return "errors" in result ? result.errors : [];
}

const server = MINIMAL.mcpServers[0]!;

describe("[environment.errors] an environment with one mistake", () => {
  test.each<[string, object, RegExp]>([
    [
      "a Region that does not exist",
      { aws: { region: "us-est-1" } },
      /^aws\.region: "us-est-1" is not allowed, did you mean "us-east-1"\?; allowed: af-south-1, /,
    ],
    ["no Region", { aws: {} }, /^aws\.region: is missing; allowed: /],
    [
      "events that are kept for ever",
      { realm: { events: { retentionDays: 0 } } },
      /^realm\.events\.retentionDays: 0 must be at least 1: Keycloak takes 0 for ever/,
    ],
    [
      "a URL that is none",
      { keycloak: { url: "auth.example.com" } },
      /^keycloak\.url: "auth\.example\.com" is no URL: write one such as/,
    ],
    [
      "plain http outside loopback",
      { mcpServers: [{ resource: "http://mcp.example.com/mcp" }] },
      /^mcpServers\[0\]\.resource: "http:\/\/mcp\.example\.com\/mcp" must use https:\/\//,
    ],
    [
      "a user name in a URL",
      { mcpServers: [{ resource: "https://me@mcp.example.com/mcp" }] },
      /must not contain a user name/,
    ],
    [
      "a fragment in a resource",
      { mcpServers: [{ resource: "https://mcp.example.com/mcp#x" }] },
      /must not contain a fragment \(RFC 8707 section 2\)/,
    ],
    [
      "a slash at the end",
      { keycloak: { url: "https://auth.example.com/auth/" } },
      /must not end in a slash: write "https:\/\/auth\.example\.com\/auth"/,
    ],
    [
      "a URL that is not normal",
      { mcpServers: [{ resource: "https://MCP.example.com/mcp" }] },
      /not in its normal form.*write "https:\/\/mcp\.example\.com\/mcp"/,
    ],
    [
      "a second server without scope",
      { mcpServers: [server, { resource: "https://b.example.com" }] },
      /^mcpServers\[1\]\.scope: is missing: only the first server has a default/,
    ],
    [
      "two servers with one scope",
      { mcpServers: [server, { resource: "https://b.example.com", scope: "mcp:run" }] },
      /^mcpServers\[1\]\.scope: "mcp:run" is already the scope of mcpServers\[0\]/,
    ],
    [
      "two servers with one resource",
      { mcpServers: [server, { ...server, scope: "b" }] },
      /^mcpServers\[1\]\.resource: .* is already that of mcpServers\[0\]/,
    ],
    [
      "a built-in scope",
      { mcpServers: [{ ...server, scope: "profile" }] },
      /"profile" is a built-in scope of Keycloak/,
    ],
    [
      "a scope with a blank",
      { mcpServers: [{ ...server, scope: "mcp run" }] },
      /^mcpServers\[0\]\.scope: "mcp run" must be one scope/,
    ],
    ["no server", { mcpServers: [] }, /^mcpServers: must name at least one MCP server/],
    [
      "a realm name with a slash",
      { realm: { name: "mcp/prod" } },
      /^realm\.name: "mcp\/prod" must be 1 to 36 letters, digits, - and _/,
    ],
    ["the realm master", { realm: { name: "master" } }, /^realm\.name: "master" must not be master/],
    [
      "a lifespan that is none",
      { realm: { lifespans: { accessToken: "1 hour" } } },
      /^realm\.lifespans\.accessToken: "1 hour" is no duration: write a whole number and a unit/,
    ],
    [
      "a lifespan of zero",
      { realm: { lifespans: { accessToken: "0s" } } },
      /^realm\.lifespans\.accessToken: "0s" is no duration/,
    ],
    [
      "an idle time beyond the end",
      { realm: { lifespans: { ssoIdle: "11h" } } },
      /^realm\.lifespans\.ssoIdle: "11h" must not be longer than ssoMax/,
    ],
    [
      "a token that outlives the login",
      { realm: { lifespans: { accessToken: "11h" } } },
      /^realm\.lifespans\.accessToken: "11h" must not be longer than ssoMax/,
    ],
    [
      "offline shorter than online",
      { realm: { lifespans: { offlineIdle: "10m" } } },
      /^realm\.lifespans\.offlineIdle: "10m" must not be shorter than ssoIdle/,
    ],
    ["an unknown setting", { relm: {} }, /^relm: no such setting, did you mean "realm"\?; allowed: name, aws, /],
    [
      "an unknown setting inside",
      { realm: { displayname: "x" } },
      /^realm\.displayname: no such setting, did you mean "displayName"\?/,
    ],
    [
      "an unknown setting in a list",
      { mcpServers: [{ ...server, scop: "x" }] },
      /^mcpServers\[0\]\.scop: no such setting, did you mean "scope"\?/,
    ],
    [
      "a wrong type",
      { mcpServers: "https://mcp.example.com" },
      /^mcpServers: "https:\/\/mcp\.example\.com" is not a list/,
    ],
    ["a missing part", { keycloak: undefined }, /^keycloak: is missing: write an object/],
    [
      "an untested Keycloak",
      { keycloak: { ...MINIMAL.keycloak, version: "25.0.1" } },
      /^keycloak\.version: "25\.0\.1" must be a release of a tested line \(26\.4\.x, 26\.7\.x\)/,
    ],
    [
      "RFC 8707 on an old Keycloak",
      { keycloak: { ...MINIMAL.keycloak, version: "26.4.5" }, resourceIndicators: true },
      /^resourceIndicators: true is not in Keycloak 26\.4\.5/,
    ],
    [
      "the hardcoded claim for two servers",
      { audience: "hardcoded-claim", mcpServers: [server, { resource: "https://b.example.com", scope: "b" }] },
      /^audience: "hardcoded-claim" can hold one MCP server only/,
    ],
    [
      "the hardcoded claim with RFC 8707",
      { audience: "hardcoded-claim", resourceIndicators: true },
      /^audience: "hardcoded-claim" makes every client fail with invalid_target/,
    ],
    [
      "a redirect pattern that is too wide",
      { registration: { redirectPatterns: ["https://.*"] } },
      /^registration\.redirectPatterns\[0\]: "https:\/\/\.\*" is too wide, it also allows any host/,
    ],
    [
      "a redirect pattern that is none",
      { registration: { redirectPatterns: ["("] } },
      /^registration\.redirectPatterns\[0\]: "\(" is no regular expression/,
    ],
    [
      "an unknown client",
      { registration: { redirects: ["curser"] } },
      /^registration\.redirects\[0\]: "curser" is not allowed, did you mean "cursor"\?/,
    ],
    [
      "trusted hosts that let nothing through",
      { registration: { redirects: ["claude"], trustedHosts: { hosts: ["example.com"] } } },
      /^registration\.trustedHosts\.hosts.* lets no redirect URI .* such as claude\.ai, claude\.com/,
    ],
    [
      "trusted hosts of a wrong kind",
      { registration: { trustedHosts: "keep" } },
      /^registration\.trustedHosts: "keep" must be "remove" or \{ hosts/,
    ],
    [
      "a web origin with a path",
      { registration: { webOrigins: ["https://a.example/x"] } },
      /^registration\.webOrigins\[0\]: "https:\/\/a\.example\/x" is no origin/,
    ],
    [
      "no room for clients",
      { registration: { maxClients: 0 } },
      /^registration\.maxClients: 0 must be at least 10: .* not unlimited/,
    ],
    ["a name in capitals", { name: "Prod" }, /^name: "Prod" must be 2 to 20 lower-case letters/],
  ])("%s", (_, changes, message) => {
    const errors = errorsOf(changes);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(message);
  });

  test("[environment.errors] all mistakes of a file are reported at once", () => {
    const errors = errorsOf({ aws: { region: "mars" }, realm: { name: "a/b" }, extra: 1 });
    expect(errors.map((error) => error.split(":")[0]).sort()).toEqual(["aws.region", "extra", "realm.name"]);
  });
});

test("the template is a valid environment", () => {
  expect(checkEnvironment(environmentSchema, template)).toHaveProperty("environment");
});

test("http is allowed on loopback, for development", () => {
  expect(errorsOf({ mcpServers: [{ resource: "http://localhost:8000/mcp" }] })).toEqual([]);
  expect(errorsOf({ mcpServers: [{ resource: "http://[::1]:8000/mcp" }] })).toEqual([]);
});
