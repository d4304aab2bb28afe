import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startPostgres, type Postgres } from "../../../scripts/lib/cluster/postgres.ts";

// A temporary directory of the test's own, to see what is left there.
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "postgres-test-"));
  chmodSync(folder, 0o711); // run by root, PostgreSQL is somebody else's
});
afterAll(() => rmSync(folder, { recursive: true }));
const options = () => ({ logFile: join(folder, "postgres.log"), temporary: folder });
const left = () => readdirSync(folder).filter((name) => name !== "postgres.log");

/** Whether PostgreSQL asks for a password there: it answers a start-up message with R, or breaks off. */
function asksForPassword(port: number): Promise<boolean> {
  const words = Buffer.from("user\0keycloak\0database\0postgres\0\0");
  const head = Buffer.alloc(8);
  head.writeInt32BE(words.length + 8, 0);
  head.writeInt32BE(3 << 16, 4); // protocol 3.0: https://www.postgresql.org/docs/16/protocol-message-formats.html
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(Buffer.concat([head, words])));
    const end = (answer: boolean) => {
      resolve(answer);
      socket.destroy();
    };
    socket.once("data", (data) => end(data.toString("latin1", 0, 1) === "R"));
    socket.once("error", () => end(false));
    socket.once("close", () => end(false));
  });
}

describe("PostgreSQL for a cluster", () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres(options());
  });
  afterAll(() => postgres?.stop());

  test("answers on 127.0.0.1 to who has the password", async () => {
    expect(postgres.access).toMatchObject({ host: "127.0.0.1", name: "postgres", user: "keycloak" });
    expect(await asksForPassword(postgres.access.port)).toBe(true);
  });

  test("goes on with its data after it was killed", async () => {
    const kept = join(folder, left()[0]!, "data", "kept");
    writeFileSync(kept, "here");
    const failure = Promise.race([postgres.failed, Promise.resolve("none")]);
    await postgres.kill();
    expect(await asksForPassword(postgres.access.port)).toBe(false);
    await postgres.start();
    expect(await asksForPassword(postgres.access.port)).toBe(true);
    expect(readFileSync(kept, "utf8")).toBe("here");
    expect(await failure).toBe("none");
  });

  test("leaves nothing behind", async () => {
    await postgres.stop();
    expect(await asksForPassword(postgres.access.port)).toBe(false);
    expect(left()).toEqual([]);
    await postgres.stop(); // a second time is no error
  });
});

test("an interruption ends the start, and leaves nothing behind", async () => {
  const signal = AbortSignal.abort(new Error("Interrupted."));
  await expect(startPostgres({ ...options(), signal })).rejects.toThrow("Interrupted.");
  expect(left()).toEqual([]);
});
