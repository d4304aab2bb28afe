import { afterEach, describe, expect, test } from "@jest/globals";
import { listenerRules } from "../../../constructs/alb/listener-rules.ts";
import { startBalancer, type Balancer, type BalancerOptions } from "../../../scripts/lib/cluster/balancer.ts";
import { collectGarbage } from "../../support/garbage.ts";
import { send, startTarget, until, type FakeTarget } from "./targets.ts";

const PAGE = "/auth/realms/mcp/account";
const LOOPBACK = ["127.0.0.0/8"];

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A balancer with the listener's rules, whose health checks are quick. */
async function balancer(options: Partial<BalancerOptions> & { adminCidrs?: string[] } = {}): Promise<Balancer> {
  const rules = listenerRules({ realm: "mcp", adminCidrs: options.adminCidrs ?? LOOPBACK });
  const started = await startBalancer({ port: 0, rules, healthCheck: { interval: 0.02, timeout: 1 }, ...options });
  ends.push(() => started.stop());
  return started;
}

/** A target that has passed its first health check. */
async function target({ targetGroup }: Balancer, name: string): Promise<FakeTarget> {
  const started = await startTarget();
  ends.push(() => started.close());
  const registered = targetGroup.register(name, started.port);
  await until(() => registered.state === "healthy");
  return started;
}

const stateOf = ({ targetGroup }: Balancer, name: string) =>
  targetGroup.targets.find((candidate) => candidate.name === name)?.state;

describe("a request that the rules let through", () => {
  test("says where it comes from, after what the client says", async () => {
    const started = await balancer();
    const node = await target(started, "node");
    await send(started.port, PAGE, {
      headers: {
        Host: "auth.example.com",
        "X-Forwarded-For": ["203.0.113.5", "198.51.100.7"],
        "X-Forwarded-Proto": "https",
      },
    });
    await send(started.port, PAGE);
    expect(node.seen.map(({ headers }) => headers)).toMatchObject([
      {
        host: "auth.example.com",
        "x-forwarded-for": "203.0.113.5, 198.51.100.7, 127.0.0.1",
        "x-forwarded-proto": "http",
        "x-forwarded-port": String(started.port),
      },
      { "x-forwarded-for": "127.0.0.1" },
    ]);
  });

  test("loses the headers that are for one connection, and those whose names are not valid", async () => {
    const started = await balancer();
    const node = await target(started, "node");
    await send(started.port, PAGE, {
      headers: { Connection: "X-Mine, close", "X-Mine": "1", x_forged: "1", "X-Kept": "1" },
    });
    const { headers } = node.seen[0]!;
    expect(headers).toMatchObject({ "x-kept": "1", connection: "keep-alive" });
    expect(headers).not.toHaveProperty("x-mine");
    expect(headers).not.toHaveProperty("x_forged");
  });

  test("brings its body, and gets every header of the answer", async () => {
    const started = await balancer();
    const node = await target(started, "node");
    node.handle = (incoming, outgoing) => {
      outgoing.writeHead(201, { "Set-Cookie": ["one=1", "two=2"], Location: "/elsewhere" });
      incoming.pipe(outgoing);
    };
    const body = "x".repeat(300_000);
    const answer = await send(started.port, PAGE, { method: "POST", body });
    expect(answer).toMatchObject({ status: 201, body, headers: { location: "/elsewhere" } });
    expect(answer.headers["set-cookie"]).toEqual([
      "one=1",
      "two=2",
      expect.stringMatching(/^AWSALB=\S+; Expires=.+; Path=\/$/),
    ]);
  });

  test("is rewritten where the rule says so", async () => {
    const started = await balancer();
    const node = await target(started, "node");
    await send(started.port, "/.well-known/oauth-authorization-server/auth/realms/mcp?x=1");
    expect(node.seen[0]!.url).toBe("/auth/realms/mcp/.well-known/oauth-authorization-server?x=1");
  });
});

describe("a request that the rules do not let through is answered here", () => {
  test.each([
    ["/auth/health", 404, "Not found"],
    ["/auth/realms/mcp/clients-registrations/default", 404, "Not found"],
    ["/auth/realms/../admin/realms", 404, "Not found"],
    ["/auth/admin/realms", 403, "Not allowed from this address"],
    ["/auth/realms/master", 403, "Not allowed from this address"],
  ])("%s: %i", async (path, status, body) => {
    const started = await balancer({ adminCidrs: ["203.0.113.0/24"] });
    const node = await target(started, "node");
    // What a client says about its address does not count.
    const answer = await send(started.port, path, {
      method: "POST",
      body: "{}",
      headers: { "X-Forwarded-For": "203.0.113.9" },
    });
    expect(answer).toMatchObject({ status, body, headers: { "content-type": "text/plain; charset=utf-8" } });
    expect(node.seen).toEqual([]);
  });

  test("but administrators get to the Admin API", async () => {
    const started = await balancer();
    await target(started, "node");
    expect(await send(started.port, "/auth/admin/realms")).toMatchObject({ status: 200 });
  });
});

describe("of several nodes", () => {
  test("a client keeps its own by the cookie; clients without one are spread", async () => {
    const started = await balancer();
    const nodes = [await target(started, "one"), await target(started, "two")];
    const first = await send(started.port, PAGE);
    const [cookie] = first.headers["set-cookie"]![0]!.split(";");
    const its = nodes.find(({ seen }) => seen.length === 1)!;
    for (let count = 0; count < 5; count += 1)
      await send(started.port, PAGE, { headers: { Cookie: `other=1; ${cookie}` } });
    expect(its.seen).toHaveLength(6);
    for (let count = 0; count < 4; count += 1)
      await send(started.port, PAGE, { headers: { Cookie: "AWSALB=unknown" } });
    expect(nodes.map(({ seen }) => seen.length).toSorted()).toEqual([2, 8]);
  });

  test("the one with the fewest outstanding requests is asked", async () => {
    const started = await balancer();
    const nodes = [await target(started, "one"), await target(started, "two")];
    for (const node of nodes) node.handle = () => undefined; // answers never
    void send(started.port, PAGE).catch(() => undefined);
    await until(() => nodes.some(({ seen }) => seen.length === 1));
    const idle = nodes.find(({ seen }) => seen.length === 0)!;
    idle.handle = (_, outgoing) => void outgoing.end();
    for (let count = 0; count < 4; count += 1) await send(started.port, PAGE);
    expect(idle.seen).toHaveLength(4);
  });

  test("one is left out after three bad health checks, and taken in again after two good ones", async () => {
    const started = await balancer({ healthCheck: { interval: 0.05 } });
    const nodes = [await target(started, "one"), await target(started, "two")];
    const first = await send(started.port, PAGE);
    const [cookie] = first.headers["set-cookie"]![0]!.split(";");
    const its = nodes.find(({ seen }) => seen.length === 1)!;
    const name = its === nodes[0] ? "one" : "two";

    its.health = 503;
    const from = Date.now();
    await until(() => stateOf(started, name) === "unhealthy");
    expect(Date.now() - from).toBeGreaterThanOrEqual(90); // three checks, two intervals apart
    await send(started.port, PAGE, { headers: { Cookie: cookie! } });
    expect(its.seen).toHaveLength(1);

    its.health = 200;
    await until(() => stateOf(started, name) === "healthy");
    await send(started.port, PAGE, { headers: { Cookie: cookie! } });
    expect(its.seen).toHaveLength(2);
  });

  test("one that does not answer at all is left out as well, whenever garbage is collected", async () => {
    const started = await balancer({ healthCheck: { interval: 0.02, timeout: 0.1 } });
    const frozen = await target(started, "one");
    frozen.health = undefined;
    const collecting = setInterval(collectGarbage, 10);
    ends.push(() => Promise.resolve(clearInterval(collecting)));
    await until(() => stateOf(started, "one") === "unhealthy");
  });

  test("all are asked where none is healthy", async () => {
    const started = await balancer();
    const node = await target(started, "one");
    node.health = 503;
    await until(() => stateOf(started, "one") === "unhealthy");
    expect(await send(started.port, PAGE)).toMatchObject({ status: 200 });
  });

  test("one that leaves answers what it has begun, and gets nothing new", async () => {
    const started = await balancer();
    const leaving = await target(started, "leaving");
    let finish = () => {};
    leaving.handle = (_, outgoing) => (finish = () => void outgoing.end("done"));
    const begun = send(started.port, PAGE);
    await until(() => leaving.seen.length === 1);

    let left = false;
    const draining = started.targetGroup.deregister("leaving").then(() => (left = true));
    const staying = await target(started, "staying");
    const cookie = `AWSALB=${started.targetGroup.targets.find(({ name }) => name === "leaving")!.cookie}`;
    expect(await send(started.port, PAGE, { headers: { Cookie: cookie } })).toMatchObject({ status: 200 });
    expect([leaving.seen.length, staying.seen.length, left]).toEqual([1, 1, false]);

    finish();
    expect(await begun).toMatchObject({ status: 200, body: "done" });
    await draining;
    expect(started.targetGroup.targets.map(({ name }) => name)).toEqual(["staying"]);
  });

  test("one that leaves is not waited for longer than the deregistration delay", async () => {
    const started = await balancer({ deregistrationDelay: 0.05 });
    const node = await target(started, "leaving");
    node.handle = () => undefined;
    void send(started.port, PAGE).catch(() => undefined);
    await until(() => node.seen.length === 1);
    await started.targetGroup.deregister("leaving");
    expect(started.targetGroup.targets).toEqual([]);
  });
});

describe("where a node fails, the client is told at once and the request is not repeated", () => {
  test("503 where there is none", async () => {
    const { port } = await balancer();
    expect(await send(port, PAGE)).toMatchObject({
      status: 503,
      body: expect.stringContaining("503 Service Unavailable"),
    });
  });

  test("502 where it breaks off before its answer", async () => {
    const started = await balancer();
    const nodes = [await target(started, "one"), await target(started, "two")];
    for (const node of nodes) node.handle = (incoming) => void incoming.socket.destroy();
    expect(await send(started.port, PAGE, { method: "POST", body: "x" })).toMatchObject({ status: 502 });
    expect(nodes[0]!.seen.length + nodes[1]!.seen.length).toBe(1);
  });

  test("502 where nothing listens any more", async () => {
    const started = await balancer({ healthCheck: { interval: 60 } });
    const node = await target(started, "one");
    await node.close();
    expect(await send(started.port, PAGE)).toMatchObject({ status: 502 });
  });

  test("a broken connection where it breaks off in the middle", async () => {
    const started = await balancer();
    const node = await target(started, "one");
    node.handle = (_, outgoing) => {
      outgoing.writeHead(200, { "Content-Length": 10 });
      outgoing.write("12345", () => outgoing.socket!.destroy());
    };
    await expect(send(started.port, PAGE)).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  test("504 where it says nothing for too long", async () => {
    const started = await balancer({ idleTimeout: 0.05 });
    const node = await target(started, "one");
    node.handle = () => undefined;
    expect(await send(started.port, PAGE)).toMatchObject({ status: 504 });
  });
});

test("says in one line that its port is taken", async () => {
  const { port } = await balancer();
  await expect(balancer({ port })).rejects.toThrow(
    `The balancer cannot listen on port ${port}: another program has taken it meanwhile: run the command again.`,
  );
});
