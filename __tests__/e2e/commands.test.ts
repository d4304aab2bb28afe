import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { loadEnvironment } from "../../environments/index.ts";
import { AdminClient } from "../../scripts/lib/keycloak/admin-client.ts";
import { deleteRealm } from "../../scripts/lib/keycloak/realms.ts";
import { searchUsers } from "../../scripts/lib/keycloak/users.ts";
import { withAddresses } from "../../scripts/lib/local/environment.ts";
import { writeLocalState } from "../../scripts/lib/local/state.ts";
import { makeRealm } from "../../scripts/lib/realm/create-realm.ts";
import { targetFor } from "../../scripts/lib/target.ts";
import { until } from "../support/until.ts";
import { keycloak } from "./support/keycloaks.ts";
import { startScript, withoutKeycloak } from "./support/run-script.ts";

const cache = mkdtempSync(join(tmpdir(), "commands-"));
let admin: AdminClient;

/** Starts a command as a user would, on the realm `mcp` of the run's Keycloak. */
const start = (script: string, parameters: string[], extra: Record<string, string> = {}) =>
  startScript(script, parameters, { variables: { ...withoutKeycloak(), KEYCLOAK_MCP_CACHE: cache, ...extra } });
const run = (...parameters: Parameters<typeof start>) => start(...parameters).ended;

beforeAll(async () => {
  const server = keycloak("26.7");
  const addresses = { url: server.url, resource: "http://localhost:8000/mcp", version: server.version };
  const credentials = {
    kind: "client" as const,
    realm: "master",
    clientId: server.clientId,
    clientSecret: server.clientSecret,
  };
  const { definition } = targetFor(withAddresses(await loadEnvironment("local"), addresses), credentials);
  admin = new AdminClient(server.url, definition.realm, credentials);
  await deleteRealm(admin);
  await makeRealm(admin, definition);
  process.env.KEYCLOAK_MCP_CACHE = cache;
  writeLocalState({ pid: process.pid, ...addresses, credentials });
});
afterAll(async () => {
  await deleteRealm(admin);
  rmSync(cache, { recursive: true });
});

describe("npm run fix-policies", () => {
  test("[policies.dry-run] exits 2 where there is a difference, and shows it", async () => {
    const { code, stdout } = await run("fix-policies", ["local", "--dry-run"]);
    expect(stdout).toContain("~ Allowed Client Scopes (anonymous): + openid, + profile, + email, + mcp:run");
    expect(stdout).toContain("- Trusted Hosts (anonymous): will be removed, because");
    expect(stdout).toMatch(/differences\. Nothing was changed \(--dry-run\)/);
    expect(code).toBe(2);
  });

  test("exits 0 when it has mended, and --json says what", async () => {
    const { code, stdout } = await run("fix-policies", ["local", "--json"]);
    const report = JSON.parse(stdout) as { applied: boolean; changes: unknown[]; realm: string };
    expect(report).toMatchObject({ environment: "local", realm: "mcp", applied: true });
    expect(report.changes).toContainEqual({
      action: "update",
      policy: "Max Clients Limit (anonymous)",
      config: [{ key: "max-clients", added: ["1000"], removed: ["200"] }],
    });
    expect(code).toBe(0);
  });

  test("[policies.dry-run] [policies.minimal] exits 0 where there is none, after two requests", async () => {
    const { code, stdout } = await run("fix-policies", ["local", "--dry-run", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ applied: false, changes: [], requests: 2 });
    expect(code).toBe(0);
  });

  test("[policies.dry-run] exits 1 on an error, in one line", async () => {
    const { code, stderr } = await run("fix-policies", ["production", "--dry-run"]);
    expect(stderr.trim()).toMatch(/^Error: No administrator to log in to Keycloak with: none of them is set\..*$/);
    expect(code).toBe(1);
  });

  test("[secrets.nowhere] prints no secret, whatever goes wrong", async () => {
    const planted = { KEYCLOAK_USER: "admin", KEYCLOAK_PASSWORD: "planted-password-1" };
    for (const environment of ["local", "production"]) {
      const { code, stdout, stderr } = await run("fix-policies", [environment, "--json"], planted);
      expect(code).toBe(1);
      expect(stdout + stderr).not.toContain("planted-password-1");
    }
  }, 30_000);
});

describe("npm run verify", () => {
  test("exits 0 where all is well, and prints a table", async () => {
    const { code, stdout } = await run("verify", ["local", "--login"]);
    expect(stdout).toMatch(/^ {2}pass {2}token\.audience +aud of the access token is the MCP server's URI$/m);
    expect(stdout).toMatch(/\n\d+ passed, 0 failed, 2 skipped\n$/);
    expect(code).toBe(0);
  }, 30_000);

  test("exits 1 where anything fails, and --json says what", async () => {
    await admin.send({ method: "PUT", path: "/client-policies/policies", body: { policies: [] } });
    const { code, stdout } = await run("verify", ["local", "--json"]);
    const report = JSON.parse(stdout) as { fail: number; rows: { id: string; status: string }[] };
    expect(report.fail).toBeGreaterThan(5);
    expect(report.rows).toContainEqual(expect.objectContaining({ id: "hole.pkce-missing", status: "fail" }));
    expect(code).toBe(1);
  }, 30_000);

  test("[verify.cleanup] on Ctrl-C removes what it made, and exits 130", async () => {
    const { child, ended } = start("verify", ["local", "--login"]);
    // As soon as the first client is there, the user presses Ctrl-C.
    const names = async () =>
      (await admin.send<{ name?: string }[]>({ path: "/clients" })).filter((client) =>
        client.name?.startsWith("mcp-verify-"),
      );
    await until(async () => (await names()).length > 0);
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 130 });
    expect(await names()).toEqual([]);
    expect(await searchUsers(admin, "mcp-verify-")).toEqual([]);
  }, 30_000);
});

test.each(["new-environment", "fix-policies", "verify", "prune-clients", "local", "docs", "bench"])(
  "npm run %s -- --help shows an example",
  async (script) => {
    const { code, stdout } = await run(script, ["--help"]);
    expect(stdout).toMatch(new RegExp(`Examples?:\\n {2}npm run ${script}`));
    expect(code).toBe(0);
  },
  20_000,
);

test("an option that does not exist is one clear error", async () => {
  const { code, stderr } = await run("verify", ["local", "--logn"]);
  expect(stderr).toMatch(/unknown option '--logn'\n\(Did you mean --login\?\)/);
  expect(code).toBe(1);
});
