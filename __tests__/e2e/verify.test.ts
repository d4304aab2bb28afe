import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { RequirementId } from "../../requirements/index.ts";
import { updateClientScope, listClientScopes } from "../../scripts/lib/keycloak/client-scopes.ts";
import { createClient, deleteClient, findClient } from "../../scripts/lib/keycloak/realms.ts";
import { deleteComponent, listRegistrationPolicies } from "../../scripts/lib/keycloak/components.ts";
import { searchUsers } from "../../scripts/lib/keycloak/users.ts";
import { listenerRules } from "../../constructs/alb/listener-rules.ts";
import { startBalancer } from "../../scripts/lib/cluster/balancer.ts";
import { CheckSkipped } from "../../scripts/lib/verify/check.ts";
import { PROBE_PREFIX, VerifyContext } from "../../scripts/lib/verify/context.ts";
import { CHECKS, verify, type VerifyRow } from "../../scripts/lib/verify/index.ts";
import { startFaultProxy, type SeenRequest } from "./support/fault-proxy.ts";
import { testRealm, type TestRealm } from "./support/realms.ts";

const idsOf = (rows: readonly VerifyRow[], status: VerifyRow["status"]) =>
  rows.filter((row) => row.status === status).map((row) => row.id);
const failures = (rows: readonly VerifyRow[]) =>
  rows.filter((row) => row.status === "fail").map((row) => `${row.id}: ${row.detail}`);

/** Names of clients and users that verify has made and not removed. */
async function leftovers(realm: TestRealm): Promise<string[]> {
  const clients = await realm.admin.send<{ name?: string; clientId: string }[]>({ path: "/clients" });
  const users = await searchUsers(realm.admin, PROBE_PREFIX);
  return [...clients.map((client) => client.name ?? client.clientId), ...users.map((user) => user.username!)].filter(
    (name) => name.startsWith(PROBE_PREFIX),
  );
}

const TWO_SERVERS = [
  { resource: "http://localhost:8000/mcp" },
  { resource: "https://other.example.com/mcp", scope: "mcp:other", consentText: "Use the other server" },
];

describe("a realm as defined, on Keycloak 26.7", () => {
  test.each([
    ["with one MCP server", {}, ["token.foreign-resource", "token.separate-audiences"]],
    ["with two MCP servers", { mcpServers: TWO_SERVERS }, ["token.foreign-resource"]],
    [
      "with the article's hardcoded claim",
      { audience: "hardcoded-claim" as const },
      ["token.foreign-resource", "token.separate-audiences"],
    ],
    [
      "with a single-page application and web origins",
      {
        spaClient: { redirectUris: ["https://app.example.com/callback"] },
        registration: { webOrigins: ["http://localhost:6274"] },
      },
      ["token.foreign-resource", "token.separate-audiences"],
    ],
  ])("passes every row %s, and removes what it made", async (_, changes, skipped) => {
    const realm = await testRealm("26.7", changes);
    const rows = await verify(realm, { login: true });
    expect(failures(rows)).toEqual([]);
    expect(idsOf(rows, "skip").sort()).toEqual(skipped);
    expect(rows).toHaveLength(CHECKS.length);
    expect(await leftovers(realm)).toEqual([]);
    await realm.remove();
  });
});

test("a realm as defined, on Keycloak 26.4, fails nothing but its known gaps", async () => {
  const realm = await testRealm("26.4");
  const rows = await verify(realm, { login: true });
  await realm.remove();
  expect(failures(rows)).toEqual([]);
  expect(idsOf(rows, "gap").sort()).toEqual(Object.keys(realm.definition.line.gaps).sort());
});

test.each(["26.7", "26.4"] as const)(
  "[saml.by-administrators] an administrator can make, see, change and remove a SAML client, on Keycloak %s",
  async (line) => {
    const realm = await testRealm(line);
    const { admin } = realm;
    const attributes = { "saml.client.signature": "false" };
    await createClient(admin, { clientId: "https://app.example.com/saml", protocol: "saml", attributes });
    const { id } = (await findClient(admin, "https://app.example.com/saml"))!;
    const path = `/clients/${id}`;
    await admin.send({ method: "PUT", path, body: { ...(await admin.send<object>({ path })), name: "Application" } });
    expect(await admin.send({ path })).toMatchObject({ protocol: "saml", name: "Application" });
    await admin.send({ method: "DELETE", path });
    expect(await findClient(admin, "https://app.example.com/saml")).toBeUndefined();
    await realm.remove();
  },
);

test("a gap that the load balancer closes, on Keycloak 26.4, is not taken for one that is gone", async () => {
  const realm = await testRealm("26.4");
  const rules = listenerRules({ realm: realm.definition.realm, adminCidrs: ["127.0.0.0/8"] });
  const balancer = await startBalancer({ port: 0, rules });
  balancer.targetGroup.register("keycloak", Number(new URL(realm.url).port));
  const through = realm.client({ url: `http://localhost:${balancer.port}/auth` });
  const check = CHECKS.find(({ id }) => id === "hole.web-origins")!;
  const outcome = check.run(new VerifyContext(through, realm.definition, { login: false }));
  await expect(outcome).rejects.toThrow(CheckSkipped);
  await balancer.stop();
  await realm.remove();
});

test("a gap that is no gap any more fails, so that it is taken off the list", async () => {
  const realm = await testRealm("26.7");
  const gaps = { "hole.pkce-plain": "planted" };
  const definition = { ...realm.definition, line: { ...realm.definition.line, gaps } };
  const rows = await verify({ ...realm, definition });
  await realm.remove();
  expect(failures(rows)).toEqual([
    "hole.pkce-plain: passes, although it is listed as a gap of Keycloak 26.7: remove it there",
  ]);
});

describe("the article's realm: no client policies, Trusted Hosts deleted", () => {
  let rows: VerifyRow[];
  beforeAll(async () => {
    const realm = await testRealm("26.7", {}, "new");
    for (const kind of ["policies", "profiles"])
      await realm.admin.send({ method: "PUT", path: `/client-policies/${kind}`, body: { [kind]: [] } });
    for (const component of await listRegistrationPolicies(realm.admin))
      if (component.providerId === "trusted-hosts") await deleteComponent(realm.admin, component.id!);
    rows = await verify(realm, { login: true });
    expect(await leftovers(realm)).toEqual([]);
    await realm.remove();
  });

  test.each<RequirementId>([
    "hole.client-credentials",
    "hole.password-grant",
    "hole.device-grant",
    "hole.protocol-mappers",
    "hole.pkce-missing",
    "hole.pkce-plain",
    "hole.implicit",
    "hole.redirect-uris",
    "hole.redirect-schemes",
    "hole.redirect-paths",
    "hole.redirect-change",
    "hole.post-logout-uris",
    "hole.server-side-requests",
    "hole.front-channel-logout",
    "hole.web-origins",
    "hole.saml-registration",
    "dcr.openid-scope",
    "discovery.scopes",
    "drift.client-policies",
    "drift.registration-policies",
  ])("verify finds %s", (id) => {
    expect(idsOf(rows, "fail")).toContain(id);
  });

  test("and nothing that is not so: its tokens are right", () => {
    expect(idsOf(rows, "pass")).toEqual(expect.arrayContaining(["token.audience", "token.scope", "drift.settings"]));
  });
});

describe("a realm that somebody changed by hand in many places", () => {
  let rows: VerifyRow[];
  beforeAll(async () => {
    const realm = await testRealm("26.7", { spaClient: { redirectUris: ["https://app.example.com/callback"] } });
    await changeByHand(realm);
    rows = await verify(realm);
    await realm.remove();
  });

  const detail = (id: RequirementId) => rows.find((row) => row.id === id)!.detail;

  test("[drift.settings] names each setting, what it is and what it should be", () => {
    expect(detail("drift.settings")).toBe(
      "realm: accessTokenLifespan: is 60, should be 3600; realm: revokeRefreshToken: is false, should be true",
    );
  });

  test("[drift.scopes] names a changed scope, a mapper that nobody defined, and a default scope too many", () => {
    const text = detail("drift.scopes");
    expect(text).toContain('consent.screen.text: is "Nothing to see", should be "Access MCP model servers"');
    expect(text).toContain("client scope mcp:run: mapper evil: is present, should be missing");
    expect(text).toMatch(/realm default scopes: is \[.*"service_account".*\], should be \[/);
  });

  test("[drift.clients] [realm.spa-client] names a client that was changed, and one that is gone", () => {
    const text = detail("drift.clients");
    expect(text).toContain('client mcp-spa: redirectUris: is ["*"], should be ["https://app.example.com/callback"]');
    expect(text).toContain("client http://localhost:8000/mcp: is missing, should be present");
  });

  test("[drift.client-policies] names the policy, and the hole that it leaves open", () => {
    expect(detail("drift.client-policies")).toBe("client policy mcp-needs-a-user: enabled: is false, should be true");
    expect(idsOf(rows, "fail")).toContain("hole.client-credentials");
  });

  test("[drift.registration-policies] is silent about what nobody touched", () => {
    expect(detail("drift.registration-policies")).toBe("as defined");
  });
});

async function changeByHand(realm: TestRealm): Promise<void> {
  const { admin } = realm;
  const put = (path: string, body?: object) => admin.send({ method: "PUT", path, body });

  const settings = await admin.send<object>({ path: "" });
  await put("", { ...settings, accessTokenLifespan: 60, revokeRefreshToken: false });

  const scopes = await listClientScopes(admin);
  const mcp = scopes.find((scope) => scope.name === "mcp:run")!;
  const attributes = { ...mcp.attributes, "consent.screen.text": "Nothing to see" };
  await updateClientScope(admin, { ...mcp, attributes });
  const mapper = {
    name: "evil",
    protocol: "openid-connect",
    protocolMapper: "oidc-hardcoded-claim-mapper",
    config: { "claim.name": "sub", "claim.value": "x" },
  };
  await admin.send({ method: "POST", path: `/client-scopes/${mcp.id}/protocol-mappers/models`, body: mapper });
  const unwanted = scopes.find((scope) => scope.name === "service_account")!;
  await put(`/default-default-client-scopes/${unwanted.id}`);

  const spa = (await findClient(admin, "mcp-spa"))!;
  await put(`/clients/${spa.id}`, { ...spa, redirectUris: ["*"] });
  await deleteClient(admin, (await findClient(admin, "http://localhost:8000/mcp"))!.id!);

  const path = "/client-policies/policies";
  const { policies } = await admin.send<{ policies: { name: string }[] }>({ path });
  await put(path, { policies: policies.map((policy) => ({ ...policy, enabled: policy.name !== "mcp-needs-a-user" })) });
}

describe("[verify.cleanup] verify removes what it made", () => {
  let realm: TestRealm;
  beforeAll(async () => {
    realm = await testRealm("26.7");
  });
  afterAll(() => realm.remove());

  test("when it is interrupted", async () => {
    const abort = new AbortController();
    const run = verify(realm, {
      login: true,
      signal: abort.signal,
      onRow: (row) => {
        if (row.id === "token.audience") abort.abort(new Error("stop"));
      },
    });
    await expect(run).rejects.toThrow("stop");
    expect(await leftovers(realm)).toEqual([]);
  });

  test("when the answer to a registration was lost", async () => {
    const proxy = await startFaultProxy(realm.url);
    let registrations = 0;
    proxy.decide = (_, { path }) =>
      path.includes("/clients-registrations/") && (registrations += 1) % 2 === 1 ? "cut-response" : "pass";
    await verify({ ...realm, url: proxy.url });
    await proxy.close();
    expect(registrations).toBeGreaterThan(2);
    expect(await leftovers(realm)).toEqual([]);
  });

  test("when an earlier run was killed more than an hour ago, but not what another run is using", async () => {
    const name = (ageMs: number) => `${PROBE_PREFIX}${Date.now() - ageMs}-0123abcd`;
    const [old, young] = [name(2 * 3_600_000), name(60_000)];
    for (const clientId of [old, young])
      await realm.admin.send({ method: "POST", path: "/clients", body: { clientId, name: clientId } });
    await verify(realm);
    expect(await leftovers(realm)).toEqual([young]);
    await deleteClient(realm.admin, (await findClient(realm.admin, young))!.id!);
  });

  test("when the server carried a registration out after the time was up", async () => {
    await realm.admin.send({ method: "PUT", path: "/client-policies/policies", body: { policies: [] } });
    const proxy = await startFaultProxy(realm.url);
    const target = { ...realm, url: proxy.url };
    const registers = ({ method, path }: SeenRequest) =>
      method === "POST" && path.endsWith("/clients-registrations/default");
    await verify(target);
    const last = proxy.seen.filter(registers).length;
    proxy.seen.length = 0;
    proxy.decide = (_, request) =>
      registers(request) && proxy.seen.filter(registers).length === last ? { laterMs: 3_500 } : "pass";
    const rows = await verify(target, { client: { timeoutMs: 2_000 } });
    await proxy.close();
    expect(failures(rows)).toContain("hole.saml-registration: timeout of 2000ms exceeded");
    expect(await leftovers(realm)).toEqual([]);
  });
});

test("a refusal by the firewall's limit proves nothing", async () => {
  const realm = await testRealm("26.7");
  const proxy = await startFaultProxy(realm.url);
  proxy.decide = (_, { path }) => (path.includes("/clients-registrations/") ? { status: 429 } : "pass");
  const rows = await verify({ ...realm, url: proxy.url });
  await proxy.close();
  await realm.remove();
  // Those that ask the proxy: the metadata lead all others past it.
  expect(failures(rows).filter((row) => !row.startsWith("discovery."))).toEqual(
    ["hole.protocol-mappers", "hole.web-origins", "hole.saml-registration"].map((id) =>
      expect.stringMatching(`^${id}: not proved: the firewall .*\\(429\\)`),
    ),
  );
});

test("a server that cannot be reached is one clear error, not a row each", async () => {
  const realm = await testRealm("26.7");
  await realm.remove();
  await expect(verify(realm)).rejects.toThrow(/has no realm "test-.*Make it first: npm run deploy/);
});
