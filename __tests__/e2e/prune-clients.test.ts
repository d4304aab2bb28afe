import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { secretNames } from "../../constructs/names.ts";
import { loadEnvironment } from "../../environments/index.ts";
import { findDrift } from "../../scripts/lib/drift/index.ts";
import { AdminClient } from "../../scripts/lib/keycloak/admin-client.ts";
import {
  createClient,
  deleteClient,
  deleteRealm,
  findClient,
  listClients,
  type ClientRepresentation,
} from "../../scripts/lib/keycloak/realms.ts";
import { withAddresses } from "../../scripts/lib/local/environment.ts";
import { writeLocalState } from "../../scripts/lib/local/state.ts";
import { fixPolicies } from "../../scripts/lib/policies/fix.ts";
import { pruneClients, type PruneOptions } from "../../scripts/lib/prune/prune.ts";
import { makeRealm } from "../../scripts/lib/realm/create-realm.ts";
import { targetFor, targetOf } from "../../scripts/lib/target.ts";
import { DAY, moment } from "../../scripts/lib/terminal/time.ts";
import { clientShapes } from "../../scripts/lib/verify/client-shapes.ts";
import { VerifyContext, type RegisteredClient } from "../../scripts/lib/verify/context.ts";
import { startFaultProxy } from "./support/fault-proxy.ts";
import { keycloak } from "./support/keycloaks.ts";
import { logInWith } from "./support/log-in.ts";
import { describeOnAws, startMoto } from "./support/moto.ts";
import { startPast, type Past } from "./support/past.ts";
import { adminWithRoles, testRealm, type TestRealm } from "./support/realms.ts";
import { startScript, withoutKeycloak } from "./support/run-script.ts";

const DAYS = 30;
/** A login lasts ten hours at the most. */
const LONGEST = 36_000_000;

/** A clock by which everything until that moment is just more than 30 days old. */
const clock = (time: number) => new Date(time + 1 + DAYS * DAY + LONGEST);

const prune = (realm: TestRealm, options: Partial<PruneOptions> = {}, admin = realm.client()) =>
  pruneClients(admin, realm.definition, { environment: "test", days: DAYS, now: clock(Date.now()), ...options });

const contextOf = (realm: TestRealm) => new VerifyContext(realm.admin, realm.definition, { login: true });

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

/** Registers many clients, some at a time. */
async function registerMany(context: VerifyContext, number: number): Promise<RegisteredClient[]> {
  const clients: RegisteredClient[] = [];
  let left = number;
  const worker = async () => {
    while (left-- > 0) clients.push(await context.probeClient());
  };
  await Promise.all(Array.from({ length: 5 }, worker));
  return clients;
}

async function clientIds(realm: TestRealm): Promise<string[]> {
  return (await listClients(realm.admin)).map(({ clientId }) => clientId!).sort();
}

describe.each(["26.7", "26.4"] as const)("prune-clients on Keycloak %s", (line) => {
  let realm: TestRealm;
  let context: VerifyContext;
  const unused: string[] = [];
  const stay: Record<string, string> = {};
  let boundary: number;

  beforeAll(async () => {
    realm = await testRealm(line, { spaClient: { redirectUris: ["https://app.example.com/callback"] } });
    context = contextOf(realm);
    const { admin } = realm;

    for (const { metadata } of [...clientShapes(realm.definition), { metadata: {} }])
      unused.push((await context.register({ redirect_uris: [context.redirectUri], ...metadata })).client_id);
    const endpoint = `${context.issuer}/clients-registrations/default`;
    const chosen = { clientId: "chosen", redirectUris: [context.redirectUri], publicClient: true };
    expect((await context.http.post(endpoint, chosen)).status).toBe(201);
    unused.push("chosen");
    const ended = await context.probeClient();
    await admin.send({ method: "DELETE", path: `/sessions/${await logInWith(context, ended, "mcp:run")}` });
    unused.push(ended.client_id);

    const logsInAgain = await context.probeClient();
    stay.relogin = logsInAgain.client_id;
    const changesItself = await context.probeClient();
    stay.changesItself = changesItself.client_id;
    const online = await context.probeClient();
    await logInWith(context, online, "mcp:run");
    stay.online = online.client_id;
    const offline = await context.probeClient();
    await logInWith(context, offline, "mcp:run offline_access");
    stay.offline = offline.client_id;

    // What an administrator makes, or has changed, is his.
    const likeOne = (await findClient(admin, unused[0]!))!;
    const { id: _id, clientId: _clientId, ...copy } = likeOne;
    await createClient(admin, { ...copy, name: "copy without a client id" });
    const id = "11111111-2222-4333-8444-555555555555";
    await createClient(admin, { ...copy, id, clientId: id });
    stay.copy = id;
    const changed = await context.probeClient();
    const live = (await findClient(admin, changed.client_id))!;
    await admin.send({ method: "PUT", path: `/clients/${live.id}`, body: { ...live, name: "adopted" } });
    stay.changed = changed.client_id;

    await pause();
    boundary = Date.now();
    await pause();
    stay.registered = (await context.probeClient()).client_id;
    const { registration_client_uri: uri, registration_access_token: token, ...metadata } = changesItself;
    const headers = { Authorization: `Bearer ${token}` };
    expect((await context.http.put(uri, { ...metadata, client_name: "renamed" }, { headers })).status).toBe(200);
    await admin.send({ method: "DELETE", path: `/sessions/${await logInWith(context, logsInAgain, "mcp:run")}` });
  });
  afterAll(() => realm.remove());

  test("[clients.prune] by default only says what would go", async () => {
    const before = await clientIds(realm);
    const admin = realm.client();
    const result = await prune(realm, { now: clock(boundary) }, admin);
    expect(result.unused.map(({ clientId }) => clientId).sort()).toEqual([...unused].sort());
    expect(result.unused.every(({ registered }) => registered! <= boundary)).toBe(true);
    expect(result).toMatchObject({
      applied: false,
      clients: before.length,
      maxClients: 1000,
      outcomes: { removed: 0, "in use": 0, gone: 0 },
      // Built in are 6, defined 2; 2 copies and an adopted one are an administrator's.
      kept: { notSelfRegistered: 11, inUse: 2, recent: 3 },
      proof: { unusedDays: 30 },
    });
    expect(admin.requests).toBe(10);
    expect(await clientIds(realm)).toEqual(before);
  });

  test("[clients.prune] finds the same page by page", async () => {
    const result = await prune(realm, { now: clock(boundary), pageSize: 3 });
    expect(result.unused.map(({ clientId }) => clientId).sort()).toEqual([...unused].sort());
    expect(result.kept).toEqual({ notSelfRegistered: 11, inUse: 2, recent: 3 });
  });

  test("[clients.prune] removes those and no other, and has nothing to do then", async () => {
    const before = await clientIds(realm);
    const result = await prune(realm, { now: clock(boundary), apply: true });
    expect(result.outcomes).toEqual({ removed: unused.length, "in use": 0, gone: 0 });
    const after = await clientIds(realm);
    expect(after).toEqual(before.filter((id) => !unused.includes(id)));
    expect(after).toEqual(expect.arrayContaining(Object.values(stay)));
    expect((await prune(realm, { now: clock(boundary), apply: true })).unused).toEqual([]);
    expect((await findDrift(realm.admin, realm.definition)).clients).toEqual([]);
  });

  test("[clients.prune] without saved registrations goes by what only a registration leaves", async () => {
    const early = await context.probeClient();
    const another = { clientId: "chosen-again", redirectUris: [context.redirectUri], publicClient: true };
    await context.http.post(`${context.issuer}/clients-registrations/default`, another);
    await realm.admin.send({ method: "DELETE", path: "/events" });
    await context.probeClient(); // so that an event is saved at all
    await pause();
    const { unused: found } = await prune(realm);
    const names = found.map(({ clientId }) => clientId);
    expect(names).toContain(early.client_id);
    expect(names).not.toContain("chosen-again");
    expect(found.find(({ clientId }) => clientId === early.client_id)!.registered).toBeUndefined();
  });
});

describe("a realm with many clients", () => {
  let realm: TestRealm;
  let context: VerifyContext;
  beforeAll(async () => {
    realm = await testRealm("26.7");
    context = contextOf(realm);
  });
  afterAll(() => realm.remove());

  test("[clients.prune] loses 250 in seconds; interrupted in the middle, the next run goes on", async () => {
    await registerMany(context, 250);
    const abort = new AbortController();
    let removed = 0;
    const started = Date.now();
    const run = prune(
      realm,
      {
        apply: true,
        onOutcome: () => {
          if ((removed += 1) === 100) abort.abort();
        },
      },
      realm.client({ signal: abort.signal }),
    );
    await expect(run).rejects.toThrow("Interrupted.");
    const left = (await listClients(realm.admin)).length - 7;
    expect(left).toBeGreaterThan(100);
    expect(left).toBeLessThanOrEqual(150);
    // Of those that were under way, the server may have removed some since.
    const { removed: others } = (await prune(realm, { apply: true })).outcomes;
    expect(others).toBeGreaterThanOrEqual(left - 5);
    expect(others).toBeLessThanOrEqual(left);
    expect(Date.now() - started).toBeLessThan(30_000);
    expect(await listClients(realm.admin)).toHaveLength(7);
  });

  test("[clients.prune] keeps one that somebody logs in with meanwhile, and misses none that is gone", async () => {
    const [back, gone] = await registerMany(context, 8);
    const result = await prune(realm, {
      apply: true,
      onPlan: async () => {
        await logInWith(context, back!, "mcp:run offline_access");
        await deleteClient(realm.admin, (await findClient(realm.admin, gone!.client_id))!.id!);
      },
    });
    expect(result.outcomes).toEqual({ removed: 6, "in use": 1, gone: 1 });
    expect(await clientIds(realm)).toContain(back!.client_id);
  });

  test("[clients.prune] an answer that is lost on its way does no harm", async () => {
    await registerMany(context, 3);
    const proxy = await startFaultProxy(realm.url);
    const lost = new Set<string>();
    proxy.decide = (_, { method, path }) => {
      if (method !== "DELETE" || lost.has(path)) return "pass";
      lost.add(path);
      return "cut-response";
    };
    const result = await prune(realm, { apply: true }, realm.client({ url: proxy.url }));
    await proxy.close();
    expect(result.outcomes.removed).toBe(3);
    expect(lost.size).toBe(3);
  });

  test("[clients.prune] a 403 names the role that is missing", async () => {
    const missing = async (roles: string[]) =>
      prune(realm, {}, realm.client({ credentials: await adminWithRoles(realm, roles) })).then(
        () => "none",
        ({ message }: Error) => /lacks the role (\S+)\./.exec(message)?.[1],
      );
    expect(await missing(["view-realm", "view-clients"])).toBe("view-events");
    expect(await missing(["view-events", "view-clients"])).toBe("view-realm");
    expect(await missing(["view-events", "view-realm"])).toBe("view-clients");
    expect(await missing(["view-events", "view-realm", "view-clients"])).toBe("none");
  });
});

describe.each(["26.7", "26.4"] as const)("the proof on Keycloak %s", (line) => {
  let realm: TestRealm;
  beforeAll(async () => {
    realm = await testRealm(line);
    await contextOf(realm).probeClient();
  });
  afterAll(() => realm.remove());

  /** Changes what is saved; gives back the clock's time afterwards. */
  const configure = async (changes: object) => {
    const live = await realm.admin.send<object>({ path: "/events/config" });
    await realm.admin.send({ method: "PUT", path: "/events/config", body: { ...live, ...changes } });
    await pause();
    return Date.now();
  };
  const refusal = (options: Partial<PruneOptions> = {}) =>
    prune(realm, { apply: true, ...options }).then(
      () => "none",
      ({ message }: Error) => message,
    );

  test("[events.saved] a realm as defined saves them, and a change is drift", async () => {
    expect(await realm.admin.send({ path: "" })).toMatchObject({
      eventsEnabled: true,
      eventsExpiration: 90 * 86_400,
      eventsListeners: ["jboss-logging"],
      adminEventsEnabled: true,
      adminEventsDetailsEnabled: false,
      attributes: { adminEventsExpiration: String(90 * 86_400) },
    });
    expect((await findDrift(realm.admin, realm.definition)).settings).toEqual([]);
    await configure({ eventsExpiration: 60, enabledEventTypes: ["LOGIN"], adminEventsDetailsEnabled: true });
    expect((await findDrift(realm.admin, realm.definition)).settings.map(({ where }) => where)).toEqual([
      "realm: eventsExpiration",
      "realm: enabledEventTypes",
      "realm: adminEventsDetailsEnabled",
    ]);
    await configure({ eventsExpiration: 90 * 86_400, enabledEventTypes: [], adminEventsDetailsEnabled: false });
  });

  test("[clients.prune-proof] is refused today: the first event is of today, and it says from when on", async () => {
    await configure({});
    const message = await refusal({ now: new Date() });
    expect(message).toMatch(
      /complete only since .*: which events are saved was changed then\. For --days 30 it will be/,
    );
    expect(message).toContain(`possible from ${moment(Date.now() + DAYS * DAY + LONGEST).slice(0, 13)}`);
    expect(message).toContain("The realm has 8 of at most 1000 clients: where it fills up before that, raise");
  });

  test("[clients.prune-proof] is refused after a while, with the number of days for which it would do", async () => {
    const message = await refusal({ now: new Date(Date.now() + 12 * DAY + LONGEST) });
    expect(message).toMatch(/; until then, use --days 1[12] or fewer\. The realm has/);
    const { unused } = await prune(realm, { now: new Date(Date.now() + 12 * DAY + LONGEST), days: 11 });
    expect(unused).toHaveLength(1);
  });

  test.each([
    [
      { eventsEnabled: false },
      /saves no logins \(user events are off\)\. npm run deploy -- test --from realm turns it on/,
    ],
    [{ enabledEventTypes: ["LOGIN", "LOGOUT"] }, /does not save events of type CODE_TO_TOKEN, CLIENT_REGISTER\./],
    [
      { adminEventsEnabled: false },
      /admin events are off.*interrupted unseen\. npm run deploy -- test --from realm turns it on/,
    ],
    [
      { eventsExpiration: 31 * 86_400 },
      /keeps events for 31 days only, and a session may last 10 h\. Use --days 29 or fewer, or .*retentionDays in environments\/test\.ts/,
    ],
    [
      { eventsExpiration: 86_400 },
      /keeps events for 1 day only, and a session may last 10 h\. Keep them longer: realm/,
    ],
  ])("[clients.prune-proof] is refused with %j, however late", async (changes, words) => {
    const live = await realm.admin.send<Record<string, unknown>>({ path: "/events/config" });
    const now = clock(await configure(changes));
    expect(await refusal({ now })).toMatch(words);
    await configure({ ...Object.fromEntries(Object.keys(changes).map((key) => [key, live[key]])) });
  });

  test("[clients.prune-proof] is refused where the saving was interrupted, until that is long ago", async () => {
    const before = await configure({ eventsEnabled: false });
    const after = await configure({ eventsEnabled: true });
    expect(await refusal({ now: clock(before) })).toMatch(/which events are saved was changed then/);
    await contextOf(realm).probeClient();
    expect(await prune(realm, { now: clock(after) })).toMatchObject({ unused: [{}] });
  });

  test("[clients.prune-proof] is refused where somebody has cleared the events", async () => {
    await realm.admin.send({ method: "DELETE", path: "/events" });
    expect(await refusal()).toMatch(/has saved no event yet\. It will be possible 30 days after the first one\./);
    const cleared = Date.now();
    await pause();
    await contextOf(realm).probeClient();
    expect(await refusal({ now: clock(cleared) })).toMatch(/: the oldest event that is saved is of then\./);
  });

  test("[clients.prune-proof] counts the longest session there can be", async () => {
    const put = (body: object) => realm.admin.send({ method: "PUT", path: "", body });
    await put({ offlineSessionMaxLifespanEnabled: true, offlineSessionMaxLifespan: 50 * 86_400 });
    expect(await refusal()).toMatch(/complete only since|may last/);
    expect(await refusal({ days: 40 })).toMatch(
      /keeps events for 90 days only, and a session may last 50 days\. Use --days 39/,
    );
    await put({ offlineSessionMaxLifespanEnabled: false });
  });

  test("[clients.prune-proof] says where an offline session may have ended sooner", async () => {
    await realm.admin.send({ method: "PUT", path: "", body: { offlineSessionIdleTimeout: 7 * 86_400 } });
    expect((await prune(realm)).proof.unusedDays).toBe(7);
  });
});

describe("npm run prune-clients", () => {
  const cache = mkdtempSync(join(tmpdir(), "prune-"));
  const start = (...parameters: string[]) =>
    startScript("prune-clients", ["local", ...parameters], {
      variables: { ...withoutKeycloak(), KEYCLOAK_MCP_CACHE: cache },
    });
  const run = (...parameters: string[]) => start(...parameters).ended;
  let admin: AdminClient;
  let context: VerifyContext;
  let past: Past;

  const clients = async (): Promise<ClientRepresentation[]> => listClients(admin);

  /** Lets the local run be there, at a URL. */
  const announce = (url: string, resource: string) => {
    const { version, clientId, clientSecret } = keycloak("26.4");
    const credentials = { kind: "client" as const, realm: "master", clientId, clientSecret };
    process.env.KEYCLOAK_MCP_CACHE = cache;
    writeLocalState({ pid: process.pid, url, resource, version, credentials });
    delete process.env.KEYCLOAK_MCP_CACHE;
    return { version, credentials };
  };

  beforeAll(async () => {
    const { url } = keycloak("26.4");
    const resource = "http://localhost:8000/mcp";
    past = await startPast(url, 40);
    const { version, credentials } = announce(past.url, resource);
    const addresses = { url, resource, version };
    const { definition } = targetFor(withAddresses(await loadEnvironment("local"), addresses), credentials);
    admin = new AdminClient(url, definition.realm, credentials);
    await deleteRealm(admin);
    await makeRealm(admin, definition);
    await fixPolicies(admin, definition);
    context = new VerifyContext(admin, definition, { login: false });
  });
  beforeEach(() => {
    past.onRequest = () => undefined;
  });
  afterAll(async () => {
    await past.close();
    await deleteRealm(admin);
    rmSync(cache, { recursive: true });
  });

  test("[clients.prune] exits 2 where there are any, and shows them with text from outside quoted", async () => {
    await context.probeClient({ client_name: "bad\u001b[31m name" });
    await registerMany(context, 25);
    const { code, stdout } = await run();
    expect(stdout).toMatch(/^Clients of realm mcp at http.*\n33 of at most 1000 clients \(3 %\)\n/);
    expect(stdout).toMatch(/^ +26 {2}unused: registered themselves, no session now, no login since \d{4}-/m);
    expect(stdout).toMatch(/^ {2}[0-9a-f-]{36} {2}\d{4}-\d\d-\d\d {2}"mcp-verify-/m);
    expect(stdout).toMatch(/… and 6 more: --json lists them all\n/);
    expect(stdout).toMatch(/\n26 clients can go\. Nothing was removed: add --apply to remove them\.\n$/);
    expect(stdout).not.toContain("\u001b");
    expect(code).toBe(2);
  });

  test("[clients.prune] on Ctrl-C stops, says how far it came, and goes on with --json", async () => {
    await registerMany(context, 30);
    const before = (await clients()).length;
    const first = start("--apply");
    let deletions = 0;
    past.onRequest = async (method) => {
      if (method !== "DELETE") return;
      if ((deletions += 1) === 10) first.child.kill("SIGINT");
      await pause();
    };
    const interrupted = await first.ended;
    expect(interrupted.code).toBe(130);
    const left = (await clients()).length;
    expect(left).toBeLessThan(before);
    expect(left).toBeGreaterThan(7);
    expect(interrupted.stderr).toMatch(
      /^Interrupted\. \d+ of 56 clients are removed; the same command goes on with the others\.$/m,
    );

    const { code, stdout } = await run("--apply", "--json");
    const report = JSON.parse(stdout) as { removed: number };
    expect(report).toMatchObject({ environment: "local", realm: "mcp", applied: true, days: 30, stayedInUse: 0 });
    expect(report.removed).toBeGreaterThanOrEqual(left - 7 - 5);
    expect(code).toBe(0);
    expect(await clients()).toHaveLength(7);
  });

  test("[clients.prune-proof] exits 1 where nothing is proved, in one line", async () => {
    const { code, stderr } = await run("--days", "60", "--apply");
    expect(stderr.trim()).toMatch(/^Error: Which clients are unused cannot be told: .*use --days 39 or fewer\..*$/);
    expect(code).toBe(1);
  });
});

describeOnAws("who administers", () => {
  test("an environment on AWS is administered by whom its parameter names", async () => {
    const aws = await startMoto();
    const before = { ...process.env };
    for (const name of Object.keys(process.env)) if (name.startsWith("KEYCLOAK_")) delete process.env[name];
    Object.assign(process.env, aws.variables);
    try {
      const { signal } = new AbortController();
      await expect(targetOf("production", signal)).rejects.toThrow(
        /^No administrator to log in .*That of the first start could not be had from AWS: There is no parameter/,
      );
      const Name = secretNames("production").adminPassword;
      const ssm = new SSMClient({ region: "us-east-1" });
      await ssm.send(new PutParameterCommand({ Name, Value: "planted-password", Type: "SecureString" }));
      expect((await targetOf("production", signal)).credentials).toMatchObject({
        kind: "user",
        password: "planted-password",
      });
      process.env.KEYCLOAK_CLIENT_ID = "someone";
      process.env.KEYCLOAK_CLIENT_SECRET = "planted-secret";
      expect((await targetOf("production", signal)).credentials).toMatchObject({ kind: "client", clientId: "someone" });
    } finally {
      process.env = before;
      await aws.stop();
    }
  });
});
