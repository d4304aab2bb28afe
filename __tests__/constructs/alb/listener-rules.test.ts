import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decide } from "../../../constructs/alb/decide.ts";
import { DEFAULT_ACTION, listenerRules, type ListenerRule } from "../../../constructs/alb/listener-rules.ts";

const STRANGER = "198.51.100.7";
const ADMINISTRATOR = "203.0.113.9";
const rules = listenerRules({ realm: "mcp", adminCidrs: ["203.0.113.0/24", "2001:db8::/32", "192.0.2.1/32"] });

const from = (sourceAddress: string, path: string) => decide(rules, { path, sourceAddress });

describe("strangers get through with", () => {
  test.each([
    [
      "the login page",
      "/auth/realms/mcp/protocol/openid-connect/auth?client_id=x&redirect_uri=http://127.0.0.1/%2e%2e",
    ],
    ["the form that it sends", "/auth/realms/mcp/login-actions/authenticate?session_code=x"],
    ["a login at another provider", "/auth/realms/mcp/broker/github/endpoint"],
    ["tokens", "/auth/realms/mcp/protocol/openid-connect/token"],
    ["the realm's metadata", "/auth/realms/mcp/.well-known/openid-configuration"],
    ["the metadata with a slash at the end", "/auth/realms/mcp/.well-known/oauth-authorization-server/"],
    ["the realm itself", "/auth/realms/mcp"],
    ["the account console", "/auth/realms/mcp/account/account-security/signing-in"],
    ["the account console's root", "/auth/realms/mcp/account/"],
    ["a frame of the pages", "/auth/realms/mcp/protocol/openid-connect/login-status-iframe.html/init?client_id=x"],
    ["a script", "/auth/resources/8ydwu/account/keycloak.v3/assets/SigningIn-Befovd_k.js"],
    ["an image with an @", "/auth/resources/8ydwu/common/keycloak/vendor/patternfly-v5/assets/images/pfbg_768@2x.jpg"],
    ["messages", "/auth/resources/mcp/account/zh-Hans"],
    ["a realm whose name begins like master", "/auth/realms/master-data/account"],
  ])("%s", (_, path) => expect(from(STRANGER, path)).toEqual({ rule: "public", action: "forward", path }));

  test.each([
    ["registration", ""],
    ["registration with a slash at the end", "/"],
    ["their own registration", "/0d9b1ad0-6c3f-4a5e-9d1f-2f4f0a4f8a53"],
  ])("%s", (_, rest) => {
    const path = `/auth/realms/mcp/clients-registrations/openid-connect${rest}`;
    expect(from(STRANGER, path)).toEqual({ rule: "registration", action: "forward", path });
  });
});

describe("metadata where RFC 8414 and OpenID Connect look for it is the realm's own", () => {
  for (const realm of ["mcp", "Staging_2-b"])
    test.each(["oauth-authorization-server", "openid-configuration"])(`realm ${realm}: %s`, (kind) => {
      const ofRealm = listenerRules({ realm, adminCidrs: [] });
      const asked = `/.well-known/${kind}/auth/realms/${realm}`;
      const metadata = `/auth/realms/${realm}/.well-known/${kind}`;
      const ask = (path: string) => decide(ofRealm, { path, sourceAddress: STRANGER });
      expect(ask(asked)).toEqual({ rule: "metadata", action: "forward", path: metadata });
      expect(ask(`${asked}/`).path).toBe(metadata);
      expect(ask(`${asked}?a=b`).path).toBe(`${metadata}?a=b`);
      for (const other of [`${asked}x`, `${asked}/x`, `${asked}/..`, asked.replace(realm, "master"), `/x${asked}`])
        expect(ask(other)).toEqual({ rule: "default", action: DEFAULT_ACTION, path: other });
    });
});

describe("strangers do not get through with", () => {
  test.each([
    ["the admin console", "/auth/admin/mcp/console/", 403, "admin-refused"],
    ["the admin console's root", "/auth/admin", 403, "admin-refused"],
    ["the Admin API", "/auth/admin/realms/mcp/users", 403, "admin-refused"],
    ["the realm of administrators", "/auth/realms/master", 403, "admin-refused"],
    ["a login of administrators", "/auth/realms/master/protocol/openid-connect/auth?a=b", 403, "admin-refused"],
    [
      "registration of administrators' clients",
      "/auth/realms/master/clients-registrations/default",
      403,
      "admin-refused",
    ],
    [
      "another road to the metadata of that realm",
      "/auth/.well-known/oauth-authorization-server/realms/master",
      404,
      "default",
    ],
    ["Keycloak's own registration", "/auth/realms/mcp/clients-registrations/default", 404, "registration-refused"],
    [
      "a client's adapter settings",
      "/auth/realms/mcp/clients-registrations/install/account",
      404,
      "registration-refused",
    ],
    [
      "SAML registration",
      "/auth/realms/mcp/clients-registrations/saml2-entity-descriptor",
      404,
      "registration-refused",
    ],
    [
      "registration below a registration",
      "/auth/realms/mcp/clients-registrations/openid-connect/a/b",
      404,
      "registration-refused",
    ],
    [
      "registration in a realm without our policies",
      "/auth/realms/other/clients-registrations/openid-connect",
      404,
      "registration-refused",
    ],
    ["nodes of adapters", "/auth/realms/mcp/clients-managements/register-node", 404, "registration-refused"],
    ["health", "/auth/health/ready", 404, "management"],
    ["metrics", "/auth/metrics", 404, "management"],
    ["the welcome page", "/auth/", 404, "default"],
    ["what is not Keycloak's", "/", 404, "default"],
    ["a list of realms", "/auth/realms/", 404, "default"],
    ["other letters' case", "/auth/Realms/mcp", 404, "default"],
    ["an encoded letter", "/auth/realms/m%61ster", 404, "default"],
    ["an encoded slash", "/auth/realms/mcp%2f..%2fmaster", 404, "default"],
    ["a matrix parameter", "/auth/realms;x/master", 404, "default"],
    ["dots", "/auth/realms/mcp/../../admin", 404, "default"],
    ["dots at the end", "/auth/realms/mcp/..", 404, "default"],
    ["a dot", "/auth/./realms/mcp", 404, "default"],
    ["two slashes", "/auth//realms/mcp", 404, "default"],
    ["two slashes in front", "//auth/realms/mcp", 404, "default"],
    ["two slashes at the end", "/auth/realms/mcp//", 404, "default"],
    ["a back slash", "/auth/realms\\master", 404, "default"],
    ["a whole URL", "http://auth.example.com/auth/realms/mcp", 404, "default"],
    ["a line break", "/auth/realms/mcp\n/auth/realms/mcp", 404, "default"],
    ["other alphabets", "/auth/realms/m\u0430ster", 404, "default"],
  ])("%s: %j", (_, path, status, rule) =>
    expect(from(STRANGER, path)).toMatchObject({ rule, action: { status }, path }),
  );

  test("a hint what is behind, or which setting would let them in", () => {
    const bodies = rules.map(({ action }) => (action === "forward" ? "" : action.body)).filter(Boolean);
    expect([...new Set(bodies)]).toEqual(["Not found", "Not allowed from this address"]);
  });

  test("anything that a server could read in two ways, or that is an administrator's", () => {
    const part = fc.constantFrom(
      ..."/ // . .. .well-known auth admin realms resources master mcp clients-registrations default openid-connect".split(
        " ",
      ),
      ...";x ..; ; \\ %2e %2E%2e %2f %5c %3b %61dmin m%61ster %252e %c0%ae %00 @ ~ - # ? \u00e9 \n".split(" "),
    );
    const path = fc
      .tuple(
        fc.constantFrom("", "/auth/realms/", "/auth/realms/mcp/", "/auth/resources/"),
        fc.array(part, { maxLength: 12 }),
      )
      .map(([start, parts]) => start + parts.join(""));
    let forwarded = 0;
    fc.assert(
      fc.property(path, (sent) => {
        const decision = from(STRANGER, sent);
        if (decision.action !== "forward") return;
        forwarded += 1;
        const read = decision.path.split("?")[0]!;
        expect(mostForgivingReading(read)).toBe(read.replace(/\/$/, ""));
        expect(read).toMatch(/^\/auth\/(realms|resources)\//);
        expect(read).not.toMatch(/^\/auth\/realms\/master(\/|$)/);
        expect(read).not.toMatch(/^\/auth\/realms\/[^/]+\/clients-registrations(?!\/openid-connect)/);
      }),
      { numRuns: 20_000 },
    );
    expect(forwarded).toBeGreaterThan(100); // or the property says nothing
  });
});

/** How a server reads a path that decodes, forgives and tidies up all that any server is known to. */
function mostForgivingReading(path: string): string {
  let text = path;
  for (let before = ""; before !== text;) {
    before = text;
    text = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  }
  const parts: string[] = [];
  for (const part of text
    .replaceAll("\\", "/")
    .split(/[?#]/)[0]!
    .replace(/;[^/]*/g, "")
    .split("/"))
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  return `/${parts.join("/")}`;
}

describe("administrators get through", () => {
  test.each([
    ["from a range", ADMINISTRATOR, "/auth/admin/mcp/console/"],
    ["from a range of a later rule", "192.0.2.1", "/auth/admin/mcp/console/"],
    ["by IPv6", "2001:db8::1", "/auth/realms/master/protocol/openid-connect/token"],
    ["by IPv4 that IPv6 wraps, as sockets of Node give it", "::ffff:203.0.113.9", "/auth/realms/master"],
    ["with encoded names, as the Admin API has them", ADMINISTRATOR, "/auth/admin/realms/mcp/roles/a%20role"],
  ])("%s", (_, address, path) => {
    expect(from(address, path)).toMatchObject({ rule: expect.stringMatching(/^admin-\d$/), action: "forward", path });
  });

  test("nowhere else than strangers: dots and the like stay refused", () => {
    for (const path of ["/auth/realms/mcp/../master", "/auth/realms;x/master", "/auth/metrics", "/auth/"])
      expect(from(ADMINISTRATOR, path)).toEqual(from(STRANGER, path));
  });

  test("not where no range is set", () => {
    const closed = listenerRules({ realm: "mcp", adminCidrs: [] });
    expect(closed.filter(({ sourceCidrs }) => sourceCidrs)).toEqual([]);
    for (const sourceAddress of [ADMINISTRATOR, "127.0.0.1", "::1"])
      expect(decide(closed, { path: "/auth/admin/", sourceAddress })).toMatchObject({ action: { status: 403 } });
  });
});

describe("the rules of two environments", () => {
  const [one, other] = [
    listenerRules({ realm: "mcp", adminCidrs: [] }),
    listenerRules({ realm: "staging", adminCidrs: ["203.0.113.0/24"] }),
  ];

  test("have these names, which are ids of resources", () => {
    const names = (all: readonly ListenerRule[]) => all.map(({ name }) => name);
    const always = ["metadata", "management", "admin-refused", "registration", "registration-refused", "public"];
    expect(names(one)).toEqual(always);
    expect(names(other)).toEqual([...always.slice(0, 2), "admin-1", ...always.slice(2)]);
  });

  test("let clients register in their own realm only", () => {
    const register = (all: readonly ListenerRule[], realm: string) =>
      decide(all, { path: `/auth/realms/${realm}/clients-registrations/openid-connect`, sourceAddress: STRANGER }).rule;
    expect([register(one, "mcp"), register(one, "staging")]).toEqual(["registration", "registration-refused"]);
    expect([register(other, "mcp"), register(other, "staging")]).toEqual(["registration-refused", "registration"]);
  });
});

describe("what AWS accepts, whatever the realm and however many ranges", () => {
  const cidr = fc.oneof(
    fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, prefix]) => `${address}/${prefix}`),
    fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })).map(([address, prefix]) => `${address}/${prefix}`),
  );
  const adminCidrs = fc.uniqueArray(cidr, { maxLength: 40 });
  const realm = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,35}$/); // as the schema has it
  const holds = (property: (all: readonly ListenerRule[], cidrs: readonly string[]) => void) =>
    fc.assert(
      fc.property(realm, adminCidrs, (name, cidrs) =>
        property(listenerRules({ realm: name, adminCidrs: cidrs }), cidrs),
      ),
    );

  test("a listener has 100 rules, with priorities from 1 to 50000 and names of their own", () =>
    holds((all) => {
      expect(all.length).toBeLessThanOrEqual(100);
      const priorities = all.map(({ priority }) => priority);
      expect(priorities).toEqual([...new Set(priorities)].sort((a, b) => a - b));
      expect(priorities.every((value) => Number.isInteger(value) && value >= 1 && value <= 50_000)).toBe(true);
      expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
      for (const { name } of all) expect(name).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
    }));

  test("a rule has one path condition, 3 values in a condition, 5 values and 5 wildcards in all", () =>
    holds((all) => {
      for (const { paths = [], pathRegexes = [], sourceCidrs = [] } of all) {
        expect([paths.length, pathRegexes.length]).toContain(0);
        for (const values of [paths, pathRegexes, sourceCidrs]) expect(values.length).toBeLessThanOrEqual(3);
        expect(paths.length + pathRegexes.length).toBeGreaterThan(0);
        expect(paths.length + pathRegexes.length + sourceCidrs.length).toBeLessThanOrEqual(5);
        // Whether the signs of expressions count is not documented, so they do.
        expect([...paths, ...pathRegexes].join("").match(/[*?]/g)?.length ?? 0).toBeLessThanOrEqual(5);
      }
    }));

  test("values and answers have their lengths, characters and dialect", () =>
    holds((all) => {
      for (const { paths = [], pathRegexes = [], rewritePath, action } of all) {
        for (const pattern of paths) expect(pattern).toMatch(/^[A-Za-z0-9_.$/~"'@:+&*?-]{1,128}$/);
        for (const regex of pathRegexes) expect(regex.length).toBeLessThanOrEqual(128);
        for (const regex of [...pathRegexes, ...(rewritePath ? [rewritePath.regex] : [])]) {
          expect(regex).toMatch(/^\^/);
          // Lookaround and atomic groups, classes of Unicode, backreferences, possessive quantifiers.
          expect(regex).not.toMatch(/\(\?|\\[pPgkR1-9]|[*+?}]\+/);
        }
        expect((rewritePath?.regex.length ?? 0) + (rewritePath?.replace.length ?? 0)).toBeLessThanOrEqual(1024);
        if (action !== "forward") expect(action.body).toMatch(/^.{1,1024}$/);
      }
    }));

  test("every range is in one rule", () =>
    holds((all, cidrs) => {
      expect(all.flatMap(({ sourceCidrs = [] }) => sourceCidrs)).toEqual(cidrs);
    }));

  test("another range leaves names and priorities as they are, and changes one rule at most", () =>
    fc.assert(
      fc.property(fc.uniqueArray(cidr, { minLength: 1, maxLength: 40 }), (cidrs) => {
        const before = listenerRules({ realm: "mcp", adminCidrs: cidrs.slice(0, -1) });
        const after = listenerRules({ realm: "mcp", adminCidrs: cidrs });
        const byName = new Map(after.map((rule) => [rule.name, rule]));
        for (const { name, priority } of before) expect(byName.get(name)?.priority).toBe(priority);
        const texts = before.map((rule) => JSON.stringify(rule));
        expect(after.filter((rule) => !texts.includes(JSON.stringify(rule)))).toHaveLength(1);
      }),
    ));

  test("a range that is named twice is one", () => {
    const twice = listenerRules({ realm: "mcp", adminCidrs: ["203.0.113.0/24", "203.0.113.0/24"] });
    expect(twice).toEqual(listenerRules({ realm: "mcp", adminCidrs: ["203.0.113.0/24"] }));
  });
});

describe("decide does as the load balancer does", () => {
  const rule = (changes: Partial<ListenerRule>): ListenerRule => ({
    name: "a",
    priority: 1,
    action: "forward",
    ...changes,
  });
  const matches = (one: ListenerRule, path: string, sourceAddress = STRANGER) =>
    decide([one], { path, sourceAddress }).rule === one.name;

  test.each([
    ["/img/*", "/img/picture.jpg", true],
    ["/img/*", "/img/a/b", true],
    ["/img/*", "/img/", true],
    ["/img/*", "/img", false],
    ["/img/*", "/Img/a", false],
    ["/img/*", "/x/img/a", false],
    ["/img/*/pics", "/img/a/b/pics", true],
    ["/im?", "/img", true],
    ["/im?", "/im", false],
    ["/a.b", "/axb", false],
    ["/a+$(b)", "/a+$(b)", true],
    ["/a", "/a?/b", true],
  ])("pattern %s and path %s: %s", (pattern, path, expected) =>
    expect(matches(rule({ paths: [pattern] }), path)).toBe(expected),
  );

  test("one value of a condition is enough, and all conditions must hold", () => {
    const both = rule({ paths: ["/a", "/b"], sourceCidrs: ["198.51.100.0/24", "2001:db8::/32"] });
    expect(matches(both, "/b", "2001:db8::7")).toBe(true);
    expect(matches(both, "/c", "2001:db8::7")).toBe(false);
    expect(matches(both, "/b", "2001:db9::7")).toBe(false);
    expect(matches(both, "/b", "203.0.113.1")).toBe(false);
  });

  test("the lowest priority decides, wherever it stands", () => {
    const all = [rule({ name: "late", priority: 20 }), rule({ name: "early", priority: 3 })];
    expect(decide(all, { path: "/", sourceAddress: STRANGER }).rule).toBe("early");
  });

  test("a URL that the transform does not match is sent on as it is", () => {
    const one = rule({ rewritePath: { regex: "^/a/(.*)$", replace: "/b/$1" } });
    expect(decide([one], { path: "/a/x?y=z", sourceAddress: STRANGER }).path).toBe("/b/x?y=z");
    expect(decide([one], { path: "/c", sourceAddress: STRANGER }).path).toBe("/c");
  });
});
