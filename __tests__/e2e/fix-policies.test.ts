import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { findDrift } from "../../scripts/lib/drift/index.ts";
import { listClientScopes, updateClientScope } from "../../scripts/lib/keycloak/client-scopes.ts";
import {
  createRegistrationPolicy,
  deleteComponent,
  listRegistrationPolicies,
  updateComponent,
} from "../../scripts/lib/keycloak/components.ts";
import { fixPolicies } from "../../scripts/lib/policies/fix.ts";
import { startFaultProxy, type Fault, type FaultProxy } from "./support/fault-proxy.ts";
import { adminWithRoles, testRealm, type TestRealm } from "./support/realms.ts";

const registrationDrift = async (realm: TestRealm) =>
  (await findDrift(realm.admin, realm.definition))["registration policies"].map((difference) => difference.where);

const TRUSTED_HOSTS = {
  name: "Trusted Hosts",
  providerId: "trusted-hosts",
  subType: "anonymous",
  config: { "client-uris-must-match": ["true"], "host-sending-registration-request-must-match": ["true"] },
};

describe.each(["26.7", "26.4"] as const)("fix-policies on Keycloak %s", (line) => {
  let realm: TestRealm;
  beforeAll(async () => {
    realm = await testRealm(line, { registration: { webOrigins: ["http://localhost:6274"] } }, "new");
  });
  afterAll(() => realm.remove());

  test("[policies.dry-run] finds the differences of a new realm and changes nothing", async () => {
    const before = await registrationDrift(realm);
    const result = await fixPolicies(realm.client(), realm.definition, { dryRun: true });
    expect(result.applied).toBe(false);
    expect(result.changes.map((change) => change.title)).toEqual(
      expect.arrayContaining(["Allowed Client Scopes (anonymous)", "Trusted Hosts (anonymous)", "service_account"]),
    );
    expect(await registrationDrift(realm)).toEqual(before);
  });

  test("mends them all, and proves it", async () => {
    expect(await fixPolicies(realm.client(), realm.definition)).toMatchObject({ applied: true });
    expect(await registrationDrift(realm)).toEqual([]);
  });

  test("[policies.minimal] sends two requests and writes nothing when there is nothing to change", async () => {
    const proxy = await startFaultProxy(realm.url);
    const result = await fixPolicies(realm.client({ url: proxy.url }), realm.definition);
    await proxy.close();
    expect(result).toEqual({ changes: [], unavailable: [], applied: false });
    expect(proxy.seen.map(({ method }) => method)).toEqual(["POST", "POST"]);
    expect(proxy.seen[0]!.path).toMatch(/\/token$/);
    expect(proxy.seen[1]!.path).toMatch(/\/partial-export\?/);
  });
});

describe("a realm that somebody changed by hand", () => {
  let realm: TestRealm;
  beforeAll(async () => {
    realm = await testRealm("26.7");
  });
  afterAll(() => realm.remove());

  const component = async (name: string, subType: string) =>
    (await listRegistrationPolicies(realm.admin)).find((live) => live.name === name && live.subType === subType)!;
  const titles = async () =>
    (await fixPolicies(realm.client(), realm.definition, { dryRun: true })).changes.map((change) => change.title);

  test.each([
    ["Allowed Client Scopes", "anonymous"],
    ["Allowed Client Scopes", "authenticated"],
    ["Allowed Registration Web Origins", "anonymous"],
    ["Allowed Registration Web Origins", "authenticated"],
    ["Max Clients Limit", "anonymous"],
    ["Allowed Protocol Mapper Types", "anonymous"],
    ["Allowed Protocol Mapper Types", "authenticated"],
    ["Consent Required", "anonymous"],
    ["Full Scope Disabled", "anonymous"],
  ])("[drift.registration-policies] is named when %s (%s) is gone, and mended", async (name, subType) => {
    await deleteComponent(realm.admin, (await component(name, subType)).id!);
    expect(await titles()).toEqual([`${name} (${subType})`]);
    expect(await registrationDrift(realm)).toEqual([`${name} (${subType})`]);
    await fixPolicies(realm.client(), realm.definition);
    expect(await component(name, subType)).toBeDefined();
    expect(await titles()).toEqual([]);
  });

  test("[drift.registration-policies] is named when a value is changed", async () => {
    const live = await component("Max Clients Limit", "anonymous");
    await updateComponent(realm.admin, { ...live, config: { "max-clients": ["5"] } });
    expect(await titles()).toEqual(["Max Clients Limit (anonymous)"]);
    await fixPolicies(realm.client(), realm.definition);
    expect((await component("Max Clients Limit", "anonymous")).config).toEqual({ "max-clients": ["1000"] });
  });

  test("[policies.odd-realms] loses the second of two", async () => {
    const { name, providerId, subType } = await component("Max Clients Limit", "anonymous");
    await createRegistrationPolicy(realm.admin, {
      name: name!,
      providerId: providerId!,
      subType: subType!,
      config: { "max-clients": ["3"] },
    });
    expect(await titles()).toEqual(["Max Clients Limit (anonymous)"]);
    await fixPolicies(realm.client(), realm.definition);
    expect(await titles()).toEqual([]);
    expect((await component("Max Clients Limit", "anonymous")).config).toEqual({ "max-clients": ["1000"] });
  });

  test("[policies.guard] restores client policies, and does so before Trusted Hosts goes", async () => {
    await createRegistrationPolicy(realm.admin, TRUSTED_HOSTS);
    await realm.admin.send({ method: "PUT", path: "/client-policies/policies", body: { policies: [] } });
    await realm.admin.send({ method: "PUT", path: "/client-policies/profiles", body: { profiles: [] } });
    expect(await titles()).toEqual(["client policies", "Trusted Hosts (anonymous)"]);

    const proxy = await startFaultProxy(realm.url);
    proxy.decide = (_, { path }) => (path.endsWith("/client-policies/policies") ? { status: 400 } : "pass");
    await expect(fixPolicies(realm.client({ url: proxy.url }), realm.definition)).rejects.toThrow(/answers 400 to PUT/);
    await proxy.close();
    expect(await component("Trusted Hosts", "anonymous")).toBeDefined();

    await fixPolicies(realm.client(), realm.definition);
    expect(await component("Trusted Hosts", "anonymous")).toBeUndefined();
    expect((await findDrift(realm.admin, realm.definition))["client policies"]).toEqual([]);
  });

  test("[policies.odd-realms] an older server: what it does not have is reported, not attempted", async () => {
    const old = await testRealm("26.4");
    const result = await fixPolicies(old.client(), {
      ...old.definition,
      registrationPolicies: realm.definition.registrationPolicies,
    });
    await old.remove();
    expect(result).toMatchObject({
      changes: [],
      unavailable: ["Allowed Registration Web Origins (anonymous)", "Allowed Registration Web Origins (authenticated)"],
    });
  });
});

describe("a bad network", () => {
  let realm: TestRealm;
  let proxy: FaultProxy;
  beforeAll(async () => {
    realm = await testRealm("26.7", {}, "new");
    proxy = await startFaultProxy(realm.url);
  });
  afterAll(async () => {
    await proxy.close();
    await realm.remove();
  });

  /** Runs fix-policies through the proxy, with a fault. */
  const run = (decide: FaultProxy["decide"], options = {}) => {
    proxy.seen.length = 0;
    proxy.decide = decide;
    return fixPolicies(realm.client({ url: proxy.url, ...options }), realm.definition);
  };

  /** Puts a realm back to what a new one is like, as far as fix-policies is concerned, without client policies. */
  const spoil = async () => {
    for (const live of await listRegistrationPolicies(realm.admin)) {
      if (live.providerId === "max-clients")
        await updateComponent(realm.admin, { ...live, config: { "max-clients": ["200"] } });
      if (live.providerId === "scope") await deleteComponent(realm.admin, live.id!);
    }
    await createRegistrationPolicy(realm.admin, TRUSTED_HOSTS);
    await realm.admin.send({ method: "PUT", path: "/client-policies/policies", body: { policies: [] } });
  };

  test.each(["cut-request", "cut-response"] as const)(
    "[policies.converge] a second run converges, whichever request was the last: %s",
    async (fault) => {
      await fixPolicies(realm.client(), realm.definition);
      let requests = Infinity;
      for (let n = 1; n <= requests; n += 1) {
        await spoil();
        // From request n on, nothing gets through any more, as when the machine is unplugged.
        const decide = (seen: number): Fault => (seen < n ? "pass" : seen === n ? fault : "cut-request");
        await run(decide, { retries: 0 }).then(
          () => (requests = n - 1),
          (error: Error) => expect(error.message).toMatch(/does not answer/),
        );
        await fixPolicies(realm.client(), realm.definition);
        expect(await registrationDrift(realm)).toEqual([]);
      }
      expect(requests).toBeGreaterThan(6);
    },
  );

  test("[policies.faults] one lost connection per request is repeated", async () => {
    await spoil();
    const lost = new Set<string>();
    const result = await run((_, { method, path }) => {
      const key = `${method} ${path}`;
      // A POST to components is not repeated: nobody knows whether it was carried out.
      if (lost.has(key) || (method === "POST" && path.endsWith("/components"))) return "pass";
      lost.add(key);
      return "cut-response";
    });
    expect(result.applied).toBe(true);
    expect(await registrationDrift(realm)).toEqual([]);
  });

  test.each([429, 500, 502, 503])("[policies.faults] status %d is repeated", async (status) => {
    const result = await run((n) => (n % 2 === 1 ? { status, headers: { "Retry-After": "0" } } : "pass"));
    expect(result.changes).toEqual([]);
    expect(proxy.seen).toHaveLength(4);
  });

  test("[policies.faults] gives up after some attempts, and says what to do", async () => {
    await expect(run(() => "cut-request", { retries: 2 })).rejects.toThrow(
      /does not answer \(ECONNRESET\) to POST .*Check that it runs/,
    );
    expect(proxy.seen).toHaveLength(3);
  });

  test("[policies.faults] does not wait for ever", async () => {
    await expect(run(() => "hang", { retries: 0, timeoutMs: 200 })).rejects.toThrow(/does not answer \(ECONNABORTED\)/);
  });

  test("[policies.faults] one 401 logs in again, a second one is an error", async () => {
    const once = await run((n) => (n === 2 ? { status: 401 } : "pass"));
    expect(once.changes).toEqual([]);
    expect(proxy.seen.filter(({ path }) => path.endsWith("/token"))).toHaveLength(2);
    await expect(run((_, { path }) => (path.endsWith("/token") ? "pass" : { status: 401 }))).rejects.toThrow(
      /answers 401 to POST \/admin\/realms/,
    );
    expect(proxy.seen).toHaveLength(4);
  });

  test("[policies.faults] [secrets.nowhere] a wrong secret is one clear error, without the secret", async () => {
    const credentials = { ...realm.credentials, clientSecret: "planted-secret" } as never;
    const error = await fixPolicies(realm.client({ credentials }), realm.definition).then(
      () => new Error("accepted"),
      (reason: Error) => reason,
    );
    expect(error.message).toMatch(/refuses to log in client .*Check KEYCLOAK_USER/);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("planted-secret");
  });

  test("[policies.faults] a 403 names the role that is missing", async () => {
    await spoil();
    const policiesOnly = await adminWithRoles(realm, ["manage-realm"]);
    const unlisted = await fixPolicies(realm.client({ credentials: policiesOnly }), realm.definition);
    expect(unlisted.applied).toBe(true);
    const phone = (await listClientScopes(realm.admin)).find(({ name }) => name === "phone")!;
    await updateClientScope(realm.admin, {
      ...phone,
      attributes: { ...phone.attributes, "include.in.openid.provider.metadata": "true" },
    });
    await expect(fixPolicies(realm.client({ credentials: policiesOnly }), realm.definition)).rejects.toThrow(
      /refuses PUT .*\/client-scopes\/.* \(403\): client .* lacks the role manage-clients\. Grant that role of the client test-.*-realm/,
    );
    const blind = await adminWithRoles(realm, ["view-clients"]);
    await expect(fixPolicies(realm.client({ credentials: blind }), realm.definition)).rejects.toThrow(
      /lacks the role manage-realm/,
    );
  });

  test("[policies.faults] a realm that is not there says which stack to apply", async () => {
    const missing = { ...realm.definition, realm: "nowhere" };
    const admin = realm.client();
    Object.assign(admin, { realm: "nowhere" });
    await expect(fixPolicies(admin, missing)).rejects.toThrow(/has no realm "nowhere"\. Make it first: npm run deploy/);
  });
});
