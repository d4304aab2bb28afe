import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, connect, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import * as oauth from "openid-client";
import { fileOf, EXCHANGE } from "../../constructs/backup/tasks.ts";
import { buildOptions } from "../../keycloak-image/settings.ts";
import { startNode, type ClusterNode } from "../../scripts/lib/cluster/node.ts";
import type { DatabaseAccess } from "../../scripts/lib/cluster/postgres-database.ts";
import { startPostgres, type Postgres } from "../../scripts/lib/cluster/postgres.ts";
import { createUser, deleteUser, searchUsers } from "../../scripts/lib/keycloak/users.ts";
import { ensureDistribution } from "../../scripts/lib/local/distribution.ts";
import { findJava } from "../../scripts/lib/local/java.ts";
import { ensureBuilt } from "../../scripts/lib/local/keycloak-build.ts";
import { freePort } from "../../scripts/lib/local/ports.ts";
import { VerifyContext, type RegisteredClient } from "../../scripts/lib/verify/context.ts";
import { verify } from "../../scripts/lib/verify/index.ts";
import { logIn } from "../../scripts/lib/verify/login-pages.ts";
import { until } from "../support/until.ts";
import { pgTools, runWork, sql, type WorkPlace } from "./support/backup-work.ts";
import { testRealm, type TestRealm } from "./support/realms.ts";

const VERSION = "26.7.3";
const RESOURCE = "http://localhost:8000/mcp";
const REDIRECT = "http://127.0.0.1:33418/callback";

// CI must have them; elsewhere these are skipped.
const why = pgTools || process.env.CI ? "" : " (skipped: PG_TOOLS names no directory with pg_dump)";

jest.setTimeout(180_000);

(why ? describe.skip : describe)(`backup and restore on real servers${why}`, () => {
  let folder: string;
  let postgres: Postgres;
  let place: WorkPlace;
  let realm: TestRealm;
  let node: ClusterNode | undefined;
  let front: Server;
  let port: number;
  /** Databases of one owner, who is no superuser, as Aurora's is not. */
  const databases = {} as Record<"source" | "restored" | "imported", DatabaseAccess>;
  const person = { username: "alice", password: `${randomBytes(12).toString("base64url")}-Aa1` };
  const admin = { clientId: "e2e", clientSecret: randomBytes(24).toString("base64url") };
  let client: RegisteredClient;
  let refreshToken: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "backup-"));
    const java = await findJava();
    const { home: distribution } = await ensureDistribution(VERSION);
    const home = await ensureBuilt({
      home: distribution,
      java,
      options: buildOptions({ database: "postgres", features: [] }),
    });
    postgres = await startPostgres({ logFile: join(folder, "postgres.log") });
    const password = randomBytes(12).toString("hex");
    await sql(postgres.access, `CREATE ROLE owner LOGIN PASSWORD '${password}'`);
    for (const name of ["source", "restored", "imported"] as const) {
      await sql(postgres.access, `CREATE DATABASE ${name} OWNER owner`);
      databases[name] = { ...postgres.access, name, user: "owner", password };
    }
    // One address for all of them, as the load balancer's: tokens and clients know their issuer by it.
    port = await freePort();
    front = createServer((socket) => {
      const through = connect(node?.port ?? 9, "127.0.0.1");
      for (const end of [socket, through]) end.on("error", () => [socket, through].forEach((one) => one.destroy()));
      socket.pipe(through).pipe(socket);
    }).listen(port, "localhost");

    place = { home, java, exchange: folder, realm: "" };
    await startOn("source");
    realm = await testRealm({ url: url(), version: VERSION, ...admin });
    place = { ...place, realm: realm.definition.realm };
    await createUser(realm.admin, { ...person, firstName: "Alice", lastName: "Doe", email: "alice@example.com" });
    client = await context().register({ redirect_uris: [REDIRECT], token_endpoint_auth_method: "none" });
    refreshToken = (await login()).refresh_token!;
  });
  afterAll(async () => {
    await node?.end();
    front?.close();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const url = () => `http://localhost:${port}/auth`;
  const context = () => new VerifyContext(realm.admin, realm.definition, { login: true });
  const file = (task: Parameters<typeof fileOf>[0]) => fileOf(task).replace(EXCHANGE, folder);
  const tables = (database: DatabaseAccess) =>
    sql(database, "SELECT string_agg(tablename, ' ' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'");

  async function startOn(name: keyof typeof databases): Promise<void> {
    await stop();
    const { home, java } = place;
    const logFile = join(folder, `${name}.log`);
    const database = databases[name];
    node = await startNode({ name, home, java, url: url(), database, admin, memory: 1024, logFile });
    await node.ready();
  }

  /** Kills the node, since its orderly end takes ten seconds, and takes it out of its cluster as that end would. */
  async function stop(): Promise<void> {
    if (!node) return;
    await node.end();
    await sql(databases[node.name as keyof typeof databases], "DELETE FROM jgroups_ping");
    node = undefined;
  }

  /** The authorization code flow of the client that was registered before, as the person from before. */
  async function login(): Promise<oauth.TokenEndpointResponse> {
    const configuration = await discovered();
    const verifier = oauth.randomPKCECodeVerifier();
    const state = oauth.randomState();
    const start = oauth.buildAuthorizationUrl(configuration, {
      redirect_uri: REDIRECT,
      scope: "openid mcp:run",
      resource: RESOURCE,
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    });
    const { redirect } = await logIn(context().http, start, REDIRECT, person);
    return oauth.authorizationCodeGrant(configuration, redirect, { pkceCodeVerifier: verifier, expectedState: state });
  }
  const discovered = () =>
    oauth.discovery(new URL(context().issuer), client.client_id, undefined, oauth.None(), {
      execute: [oauth.allowInsecureRequests],
    });

  /** All that verify asks, with a whole login and every kind of drift. */
  async function failures(): Promise<string[]> {
    const rows = await verify(realm, { login: true });
    return rows.filter(({ status }) => status === "fail").map(({ id, detail }) => `${id}: ${detail}`);
  }

  test("a dump is taken while Keycloak runs, and leaves out who is in the cluster", async () => {
    await runWork("db-dump", databases.source, place);
    expect(readFileSync(file("db-dump")).subarray(0, 5).toString()).toBe("PGDMP");
    expect(Number(await sql(databases.source, "SELECT count(*) FROM jgroups_ping"))).toBe(1);
  });

  test("[backup.database] restored into an empty database: the same tables, the old password, the old client, sessions that go on, no drift", async () => {
    await runWork("db-restore", databases.restored, place);
    expect(await tables(databases.restored)).toBe(await tables(databases.source));
    expect(await sql(databases.restored, "SELECT count(*) FROM jgroups_ping")).toBe("0");

    await startOn("restored");
    const refreshed = await oauth.refreshTokenGrant(await discovered(), refreshToken);
    expect(refreshed.access_token).toMatch(/^ey/);
    expect((await login()).access_token).toMatch(/^ey/);
    expect(await failures()).toEqual([]);
  });

  test("[backup.database] restored over a later release's schema: nothing of that is left", async () => {
    await stop();
    await sql(
      databases.restored,
      "CREATE TABLE of_a_later_release (realm_id varchar(36) REFERENCES realm (id)); INSERT INTO of_a_later_release SELECT id FROM realm",
    );
    await sql(databases.restored, "DELETE FROM credential");
    await runWork("db-restore", databases.restored, place);
    expect(await tables(databases.restored)).toBe(await tables(databases.source));
    const count = "SELECT count(*) FROM credential";
    expect(await sql(databases.restored, count)).toBe(await sql(databases.source, count));
  });

  test("a dump that is broken changes nothing", async () => {
    const whole = readFileSync(file("db-dump"));
    await sql(databases.restored, "CREATE TABLE proof ()");
    for (const broken of [whole.subarray(0, whole.length / 2), Buffer.from("no dump")]) {
      writeFileSync(file("db-dump"), broken);
      await expect(runWork("db-restore", databases.restored, place)).rejects.toThrow(/pg_restore: error/);
    }
    writeFileSync(file("db-dump"), whole);
    expect(await tables(databases.restored)).toContain(" proof ");
  });

  test("a restore that somebody's lock holds up ends, and changes nothing", async () => {
    const sleep = "SELECT pg_sleep(600)"; // longer than any restore: it is ended below
    const held = sql(databases.restored, `BEGIN; LOCK TABLE realm; ${sleep}; COMMIT`).catch(() => undefined);
    const holders = `SELECT count(*) FROM pg_locks WHERE relation = 'realm'::regclass AND mode = 'AccessExclusiveLock'`;
    await until(async () => (await sql(databases.restored, holders)).trim() === "1");
    await expect(runWork("db-restore", databases.restored, place)).rejects.toThrow(/lock timeout/);
    expect(await tables(databases.restored)).toContain(" proof ");
    await sql(
      postgres.access,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%${sleep}%' AND pid <> pg_backend_pid()`,
    );
    await held;
  });

  test("[backup.realm] a realm that was exported and imported elsewhere: the old password, the old client, no drift", async () => {
    const said = await runWork("realm-export", databases.source, place);
    expect(said).not.toMatch(/ERROR|JGroups|ISPN000094/);
    const exported = JSON.parse(readFileSync(file("realm-export"), "utf8")) as { realm: string; users: object[] };
    expect(exported).toMatchObject({ realm: place.realm, users: [expect.objectContaining({ username: "alice" })] });

    // As a new environment: started once, since Keycloak makes its administrator only where there is no realm at all.
    await startOn("imported");
    await stop();
    await runWork("realm-import", databases.imported, place);
    await startOn("imported");
    expect((await login()).access_token).toMatch(/^ey/);
    expect(await failures()).toEqual([]);
  });

  test("[backup.realm] imported over the realm that is there: what was changed since is gone", async () => {
    const [alice] = await searchUsers(realm.admin, "alice");
    await deleteUser(realm.admin, alice!.id!);
    await createUser(realm.admin, {
      ...person,
      username: "bob",
      firstName: "Bob",
      lastName: "Doe",
      email: "bob@example.com",
    });
    await stop();
    await runWork("realm-import", databases.imported, place);
    await startOn("imported");
    expect((await searchUsers(realm.admin, "")).map(({ username }) => username)).toEqual(["alice"]);
    expect((await login()).access_token).toMatch(/^ey/);
  });
});
