import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { verify } from "../../scripts/lib/verify/index.ts";
import { testRealm, type TestRealm } from "./support/realms.ts";
import { startServer } from "./support/servers.ts";

let own: Awaited<ReturnType<typeof startServer>>;
let realm: TestRealm;

beforeAll(async () => {
  // Features are for a whole server, so this one is not shared.
  own = await startServer("26.7.3", ["resource-indicators"]);
  realm = await testRealm(own.server, {
    resourceIndicators: true,
    mcpServers: [
      { resource: "http://localhost:8000/mcp" },
      { resource: "http://localhost:8001/mcp", scope: "mcp:other" },
    ],
  });
}, 240_000);
afterAll(async () => own?.stop());

test("[token.foreign-resource] [token.separate-audiences] with RFC 8707 on, a resource of nobody is refused and each server has its tokens", async () => {
  const rows = await verify(realm, { login: true });
  expect(rows.filter((row) => row.status !== "pass")).toEqual([]);
  expect(rows.map((row) => row.id)).toEqual(
    expect.arrayContaining(["token.foreign-resource", "token.separate-audiences"]),
  );
});
