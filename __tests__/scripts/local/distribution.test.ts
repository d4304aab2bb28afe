import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { create } from "tar";
import { ensureDistribution, type DistributionOptions } from "../../../scripts/lib/local/distribution.ts";
import { startFileServer, type FileServer } from "../../support/file-server.ts";

const sha1 = (content: Buffer) => createHash("sha1").update(content).digest("hex");

let archive: Buffer;
let server: FileServer;
let cache: string;

/** An archive that is built like the real one, and larger than one read of the network. */
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "archive-"));
  const root = join(folder, "keycloak-26.7.3");
  mkdirSync(join(root, "bin"), { recursive: true });
  writeFileSync(join(root, "bin", "kc.sh"), "#!/bin/sh\n");
  chmodSync(join(root, "bin", "kc.sh"), 0o755);
  writeFileSync(join(root, "large"), randomBytes(400_000));
  await create({ gzip: true, file: join(folder, "a.tar.gz"), cwd: folder }, ["keycloak-26.7.3"]);
  archive = readFileSync(join(folder, "a.tar.gz"));
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  server = await startFileServer(archive, sha1(archive));
  cache = mkdtempSync(join(tmpdir(), "cache-"));
});
afterEach(async () => {
  await server.close();
  rmSync(cache, { recursive: true });
});

const get = (options: DistributionOptions = {}) =>
  ensureDistribution("26.7.3", { cache, repository: `${server.url}/maven2/`, backoffMs: 1, ...options });
const part = () => join(cache, "distributions", "keycloak-26.7.3.tar.gz.part");
/** Whether something of the file is on the disk: what only sits in a buffer is lost with the connection. */
const hasCome = () => existsSync(part()) && statSync(part()).size > 0;
const left = () => readdirSync(join(cache, "distributions")).sort();

describe("the Keycloak distribution", () => {
  test("[local.download] comes from its Maven coordinates, and is unpacked with its modes", async () => {
    const { home } = await get();
    expect(server.paths).toEqual([
      "/maven2/org/keycloak/keycloak-quarkus-dist/26.7.3/keycloak-quarkus-dist-26.7.3.tar.gz.sha1",
      "/maven2/org/keycloak/keycloak-quarkus-dist/26.7.3/keycloak-quarkus-dist-26.7.3.tar.gz",
    ]);
    expect(readFileSync(join(home, "bin", "kc.sh"), "utf8")).toBe("#!/bin/sh\n");
    expect(left()).toEqual(["keycloak-26.7.3"]);
  });

  test("asks nothing of the network when it is there", async () => {
    await get();
    await server.close();
    expect(await get()).toEqual({ home: join(cache, "distributions", "keycloak-26.7.3") });
  });

  test("[local.download] goes on where a connection broke", async () => {
    server.decide = (n) => (n === 1 ? { cutAfter: 100_000, once: hasCome } : n === 2 ? { cutAfter: 50_000 } : "none");
    await get();
    expect(server.ranges[0]).toBeUndefined();
    const starts = server.ranges.slice(1).map((range) => Number(/\d+/.exec(range!)![0]));
    expect(starts).toHaveLength(2);
    expect(starts[0]).toBeGreaterThan(0);
    expect(starts[1]).toBeGreaterThanOrEqual(starts[0]!);
  });

  test("[local.download] goes on in a later run, after all attempts failed", async () => {
    server.decide = (n) => (n === 1 ? { cutAfter: 100_000, once: hasCome } : { status: 503 });
    await expect(get({ retries: 1 })).rejects.toThrow(
      /cannot be had: the server answers 503.*what has come so far is kept/,
    );
    expect(left()).toEqual(["keycloak-26.7.3.tar.gz.part"]);
    server.decide = () => "none";
    await get();
    expect(server.ranges.at(-1)).toMatch(/^bytes=\d{2,}-$/);
  });

  test("[local.download] begins again where the server knows no ranges", async () => {
    server.decide = (n) => (n === 1 ? { cutAfter: 100_000, once: hasCome } : "ignore-range");
    await get();
    expect(left()).toEqual(["keycloak-26.7.3"]);
  });

  test("[local.download] begins again, once, where the checksum is wrong", async () => {
    server.decide = (n) => (n === 1 ? "corrupt" : "none");
    await get();
    expect(server.ranges).toEqual([undefined, undefined]);
  });

  test("[local.download] refuses what has the wrong checksum twice, and keeps nothing of it", async () => {
    server.checksum = "0".repeat(40);
    await expect(get()).rejects.toThrow(/came with the SHA-1 [0-9a-f]{40} twice, where its repository says 0{40}/);
    expect(left()).toEqual([]);
  });

  test("[local.download] throws away a part that is longer than the file", async () => {
    mkdirSync(join(cache, "distributions"), { recursive: true });
    writeFileSync(part(), randomBytes(archive.length + 1));
    await get();
    expect(left()).toEqual(["keycloak-26.7.3"]);
  });

  test("[local.download] takes a connection without bytes for a broken one", async () => {
    server.decide = (n) => (n === 1 ? { stallAfter: 100_000 } : "none");
    await get({ stallMs: 100 });
    expect(server.ranges).toHaveLength(2);
  });

  test("[local.download] says in one line that there is no such release", async () => {
    server.decide = () => ({ status: 404 });
    await expect(get()).rejects.toThrow(
      /^http.* cannot be had: the server answers 404\. There is no such release there\.$/,
    );
  });

  test("[local.download] says in one line that there is no network", async () => {
    await server.close();
    await expect(get({ retries: 1 })).rejects.toThrow(
      /^http.*\.tar\.gz cannot be had: .*ECONNREFUSED.* Check the network \(HTTPS_PROXY is honoured\)/,
    );
  });

  test("says which variable holds what is no URL", async () => {
    await expect(get({ repository: "not a url" })).rejects.toThrow(/^MAVEN_REPOSITORY_URL is "not a url": give a URL/);
  });

  test("removes an archive that cannot be unpacked, so that the next run gets it again", async () => {
    const broken = Buffer.from("no archive");
    await server.close();
    server = await startFileServer(broken, sha1(broken));
    await expect(get()).rejects.toThrow(/cannot be unpacked: .*It has been removed: run the command again\./);
    expect(left()).toEqual([]);
  });

  test("clears away what a killed process has left", async () => {
    mkdirSync(join(cache, "distributions", "keycloak-26.7.3.new-abc", "bin"), { recursive: true });
    await get();
    expect(left()).toEqual(["keycloak-26.7.3"]);
  });

  test("is fetched once, however many ask at a time", async () => {
    await Promise.all([get(), get(), get()]);
    expect(server.ranges).toHaveLength(1);
  });

  test("shows how far it is", async () => {
    const seen: number[] = [];
    await get({
      onProgress: ({ phase, receivedBytes, totalBytes }) => {
        if (phase === "downloading") seen.push(receivedBytes / totalBytes!);
      },
    });
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  test("stops when it is interrupted, and keeps what has come", async () => {
    const abort = new AbortController();
    server.decide = () => ({ stallAfter: 100_000 });
    const onProgress = () => abort.abort(new Error("Interrupted."));
    await expect(get({ signal: abort.signal, onProgress })).rejects.toThrow("Interrupted.");
    expect(existsSync(join(cache, "distributions", "keycloak-26.7.3"))).toBe(false);
    expect(left()).toEqual(["keycloak-26.7.3.tar.gz.part"]);
  });
});
