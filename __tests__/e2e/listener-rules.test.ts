import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { discoverAuthorizationServerMetadata, registerClient } from "@modelcontextprotocol/sdk/client/auth.js";
import type { Browser } from "playwright-core";
import { decide } from "../../constructs/alb/decide.ts";
import { listenerRules, type ListenerRule } from "../../constructs/alb/listener-rules.ts";
import { makeDemoUser } from "../../scripts/lib/local/people.ts";
import { pkcePair } from "../../scripts/lib/verify/pkce.ts";
import { chromiumPath, startChromium } from "./support/chromium.ts";
import { keycloak, type E2eKeycloak } from "./support/keycloaks.ts";
import { MemoryOAuthProvider } from "./support/mcp-client.ts";
import { testRealm, type TestRealm } from "./support/realms.ts";

const STRANGER = "198.51.100.7";
const ADMINISTRATOR = "203.0.113.9";
const REDIRECT = "http://localhost:33418/callback";
const BOTH = ["26.4", "26.7"] as const;

/** What strangers must not reach. */
type Surface = "admin API" | "admin console" | "realm master" | "default registration" | "adapter settings";

/** A way to it, and on which releases Keycloak itself answers it (measured on 26.4.5 and 26.7.3; 26.4.9 refuses `;`). */
type Attack = [how: string, surface: Surface, target: string, reaches: readonly string[]];

const ATTACKS: readonly Attack[] = [
  ["plainly", "admin API", "/auth/admin/realms", BOTH],
  ["with a slash at the end", "admin API", "/auth/admin/realms/", BOTH],
  ["as a whole URL", "admin API", "http://localhost/auth/admin/realms", BOTH],
  ["with a matrix parameter", "admin API", "/auth/admin;x=y/realms", ["26.4"]],
  ["with an empty matrix parameter", "admin API", "/auth/admin;/realms", ["26.4"]],
  ["with a matrix parameter at the end", "admin API", "/auth/admin/realms;x", ["26.4"]],
  ["with a matrix parameter for the root", "admin API", "/auth;x/admin/realms", []],
  ["with an empty part", "admin API", "/auth/;/admin/realms", []],
  ["with an encoded letter", "admin API", "/auth/%61dmin/realms", []],
  ["with a letter encoded twice", "admin API", "/auth/%2561dmin/realms", []],
  ["with an encoded slash", "admin API", "/auth%2Fadmin/realms", []],
  ["with an encoded semicolon", "admin API", "/auth/admin%3Bx/realms", []],
  ["with back slashes", "admin API", "/auth\\admin\\realms", []],
  ["with an encoded back slash", "admin API", "/auth%5Cadmin/realms", []],
  ["with two slashes in front", "admin API", "//auth/admin/realms", []],
  ["with two slashes", "admin API", "/auth//admin/realms", []],
  ["with a dot", "admin API", "/auth/./admin/realms", []],
  ["with dots", "admin API", "/auth/realms/REALM/../../admin/realms", []],
  ["with dots from the resources", "admin API", "/auth/resources/../admin/realms", []],
  ["with dots from the metadata", "admin API", "/.well-known/../auth/admin/realms", []],
  ["with encoded dots", "admin API", "/auth/realms/%2e%2e/admin/realms", []],
  ["with a dot and an encoded one", "admin API", "/auth/realms/.%2E/admin/realms", []],
  ["with dots encoded twice", "admin API", "/auth/realms/%252e%252e/admin/realms", []],
  ["with dots and an encoded slash", "admin API", "/auth/realms/..%2fadmin/realms", []],
  ["with dots and a back slash", "admin API", "/auth/realms/..\\admin/realms", []],
  ["with dots and a matrix parameter", "admin API", "/auth/realms/..;/admin/realms", []],
  ["with overlong UTF-8", "admin API", "/auth/realms/%c0%ae%c0%ae/admin/realms", []],
  ["with a null byte", "admin API", "/auth/admin%00/realms", []],
  ["with a fragment", "admin API", "/auth/realms/REALM#/../../admin/realms", []],
  ["in other letters' case", "admin API", "/auth/Admin/realms", []],
  ["plainly", "admin console", "/auth/admin/master/console/", BOTH],
  ["for the test's realm", "admin console", "/auth/admin/REALM/console/", BOTH],
  ["with a matrix parameter", "admin console", "/auth/admin;x/master/console/", ["26.4"]],
  ["plainly", "realm master", "/auth/realms/master", BOTH],
  ["with a slash at the end", "realm master", "/auth/realms/master/", BOTH],
  ["by its metadata", "realm master", "/auth/realms/master/.well-known/openid-configuration", BOTH],
  [
    "by its metadata before the path",
    "realm master",
    "/auth/.well-known/oauth-authorization-server/realms/master",
    BOTH,
  ],
  ["with a matrix parameter", "realm master", "/auth/realms;x/master", ["26.4"]],
  ["with a matrix parameter of its own", "realm master", "/auth/realms/master;x", ["26.4"]],
  ["with an encoded letter", "realm master", "/auth/realms/m%61ster", []],
  ["with dots", "realm master", "/auth/realms/REALM/../master", []],
  ["with encoded slashes and dots", "realm master", "/auth/realms/REALM%2f..%2fmaster", []],
  ["with an encoded blank", "realm master", "/auth/realms/master%20", []],
  ["plainly", "default registration", "/auth/realms/REALM/clients-registrations/default", BOTH],
  ["with a matrix parameter", "default registration", "/auth/realms/REALM/clients-registrations;x/default", ["26.4"]],
  [
    "with a matrix parameter of its own",
    "default registration",
    "/auth/realms/REALM/clients-registrations/default;x",
    ["26.4"],
  ],
  ["with dots", "default registration", "/auth/realms/REALM/clients-registrations/openid-connect/../default", []],
  ["with an encoded letter", "default registration", "/auth/realms/REALM/clients-registrations/%64efault", []],
  ["plainly", "adapter settings", "/auth/realms/REALM/clients-registrations/install/account", BOTH],
  [
    "with a matrix parameter",
    "adapter settings",
    "/auth/realms/REALM/clients-registrations/install;x/account",
    ["26.4"],
  ],
];

/** How a surface is asked, and how its answer is told from every other one. */
const SURFACES: Record<Surface, { method?: "POST"; withToken?: boolean; answer: RegExp }> = {
  "admin API": { withToken: true, answer: /^HTTP\/1.1 200 [^]*"realm":"master"/ },
  "admin console": { answer: /^HTTP\/1.1 200 [^]*Administration Console/ },
  "realm master": { answer: /^HTTP\/1.1 200 [^]*("realm":"master"|\/realms\/master")/ },
  "default registration": { method: "POST", answer: /^HTTP\/1.1 (201|401|403) / },
  "adapter settings": { answer: /^HTTP\/1.1 200 [^]*"auth-server-url"/ },
};

/** Sends a request target as it is (`fetch` and `axios` would tidy it up), and gives back the whole answer. */
function sendRaw(server: string, method: string, target: string, headers: readonly string[]): Promise<string> {
  const { hostname, port, host } = new URL(server);
  const body = method === "POST" ? "{}" : "";
  const head = [`${method} ${target} HTTP/1.1`, `Host: ${host}`, "Connection: close", ...headers];
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(port), hostname);
    socket.setEncoding("latin1");
    socket.on("data", (chunk) => (answer += String(chunk)));
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
    socket.write([...head, "Content-Type: application/json", `Content-Length: ${body.length}`, "", body].join("\r\n"));
  });
}

/** A `fetch` that goes through the load balancer: answered there, or by Keycloak. */
function fetchThrough(rules: readonly ListenerRule[], sourceAddress: string) {
  return async (url: string | URL, init?: RequestInit): Promise<Response> => {
    const { origin, pathname, search } = new URL(url);
    const { action, path } = decide(rules, { path: pathname + search, sourceAddress });
    return action === "forward" ? fetch(origin + path, init) : new Response(action.body, { status: action.status });
  };
}

async function administratorsToken({ url, clientId, clientSecret }: E2eKeycloak): Promise<string> {
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
  });
  const answer = await fetch(`${url}/realms/master/protocol/openid-connect/token`, { method: "POST", body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

// CI must have a browser; elsewhere the test is skipped, and browser.test.ts says why.
const browserTest = chromiumPath || process.env.CI ? test : test.skip;

describe.each(BOTH)("the load balancer's rules in front of Keycloak %s", (line) => {
  let realm: TestRealm;
  let issuer: string;
  let rules: ListenerRule[];
  let stranger: ReturnType<typeof fetchThrough>;
  let administrator: ReturnType<typeof fetchThrough>;
  let browser: Browser | undefined;

  beforeAll(async () => {
    realm = await testRealm(line);
    issuer = `${realm.url}/realms/${realm.definition.realm}`;
    rules = listenerRules({ realm: realm.definition.realm, adminCidrs: ["203.0.113.0/24"] });
    stranger = fetchThrough(rules, STRANGER);
    administrator = fetchThrough(rules, ADMINISTRATOR);
    browser = chromiumPath ? await startChromium() : undefined;
  });
  afterAll(async () => {
    await browser?.close();
    await realm.remove();
  });

  /** Registers as MCP clients do, through the rules. */
  async function register() {
    const asked: string[] = [];
    let registration: Record<string, string> = {};
    const fetchFn = async (url: string | URL, init?: RequestInit) => {
      asked.push(new URL(url).pathname);
      const answer = await stranger(url, init);
      if (init?.method === "POST") registration = (await answer.clone().json()) as typeof registration;
      return answer;
    };
    const metadata = await discoverAuthorizationServerMetadata(issuer, { fetchFn });
    const { clientMetadata } = new MemoryOAuthProvider(REDIRECT);
    await registerClient(issuer, { metadata, clientMetadata, fetchFn });
    return { registration, asked };
  }

  /** Whether a page and every one of Keycloak's resources that it names is there. */
  async function expectWhole(page: string, through: typeof stranger) {
    const answer = await through(page);
    expect(answer.status).toBe(200);
    const named = [...(await answer.text()).matchAll(/["'](\/auth\/resources\/[^"']+\.(?:js|css|svg))["']/g)];
    const resources = [...new Set(named.map((match) => new URL(match[1]!, page).href))];
    expect(resources.length).toBeGreaterThan(3);
    for (const url of resources) expect([url, (await through(url)).status]).toEqual([url, 200]);
  }

  test("no way that leads strangers to the admin surface or to another kind of registration goes through", async () => {
    const token = await administratorsToken(keycloak(line));
    const reached: Attack[] = [];
    const forwarded: Attack[] = [];
    for (const attack of ATTACKS) {
      const [, surface, template] = attack;
      const { method = "GET", withToken, answer } = SURFACES[surface];
      const target = template.replace("REALM", realm.definition.realm);
      const headers = withToken ? [`Authorization: Bearer ${token}`] : [];
      if (answer.test(await sendRaw(realm.url, method, target, headers))) reached.push(attack);
      if (decide(rules, { path: target, sourceAddress: STRANGER }).action === "forward") forwarded.push(attack);
    }
    expect(forwarded).toEqual([]);
    // Without the rules these do lead there; if none did, the line above would prove nothing.
    expect(reached).toEqual(ATTACKS.filter(([, , , reaches]) => reaches.includes(line)));
  });

  test("the realm master in other letters' case is another realm, which is not there", async () => {
    for (const name of ["Master", "MASTER"]) expect((await stranger(`${realm.url}/realms/${name}`)).status).toBe(404);
  });

  test.each(["oauth-authorization-server", "openid-configuration"])(
    "%s is the realm's, wherever it is asked",
    async (kind) => {
      const { origin, pathname } = new URL(issuer);
      for (const url of [`${origin}/.well-known/${kind}${pathname}`, `${issuer}/.well-known/${kind}`])
        for (const end of ["", "/"]) {
          const answer = await stranger(url + end);
          expect([url + end, answer.status]).toEqual([url + end, 200]);
          expect(await answer.json()).toMatchObject({ issuer });
        }
    },
  );

  test("an MCP client finds the server at its first try, registers, and reads and ends its registration", async () => {
    const { registration, asked } = await register();
    const { pathname } = new URL(issuer);
    expect(asked).toEqual([
      `/.well-known/oauth-authorization-server${pathname}`,
      `${pathname}/clients-registrations/openid-connect`,
    ]);
    const url = registration.registration_client_uri!;
    const headers = { Authorization: `Bearer ${registration.registration_access_token}` };
    const read = await stranger(url, { headers });
    const { registration_access_token: next, ...known } = (await read.json()) as typeof registration;
    expect(known).toMatchObject({ client_id: registration.client_id });
    const ended = await stranger(url, { method: "DELETE", headers: { Authorization: `Bearer ${next}` } });
    expect(ended.status).toBe(204);
  });

  test("the login page and the account console are whole", async () => {
    const { registration } = await register();
    const login = new URL(`${issuer}/protocol/openid-connect/auth`);
    login.search = new URLSearchParams({
      client_id: registration.client_id!,
      redirect_uri: REDIRECT,
      response_type: "code",
      code_challenge: pkcePair().challenge,
      code_challenge_method: "S256",
    }).toString();
    await expectWhole(login.href, stranger);
    await expectWhole(`${issuer}/account/`, stranger);
  });

  test("the admin console is whole for administrators and closed for strangers", async () => {
    const url = `${realm.url}/admin/${realm.definition.realm}/console/`;
    await expectWhole(url, administrator);
    expect((await stranger(url)).status).toBe(403);
  });

  browserTest("a person logs in to the account console, and no request of the browser is refused", async () => {
    const user = await makeDemoUser(realm.admin);
    const page = await browser!.newPage();
    const decisions = new Map<string, unknown>();
    page.on("request", (request) => {
      const { pathname, search } = new URL(request.url());
      decisions.set(pathname, decide(rules, { path: pathname + search, sourceAddress: STRANGER }).action);
    });
    await page.goto(`${issuer}/account/`);
    await page.getByLabel("Username").fill(user.username);
    await page.getByLabel("Password", { exact: true }).fill(user.password);
    await page.getByRole("button", { name: "Sign In" }).click();
    await page.getByText("Personal info").first().waitFor();
    for (const [path, title] of [
      ["account-security/signing-in", "Signing in"],
      ["account-security/device-activity", "Device activity"],
      ["applications", "Application"],
    ]) {
      await page.goto(`${issuer}/account/${path}`);
      await page.getByRole("heading", { name: title! }).first().waitFor();
    }
    expect(decisions.size).toBeGreaterThan(40);
    expect([...decisions].filter(([, action]) => action !== "forward")).toEqual([]);
  });
});
