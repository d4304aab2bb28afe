import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { newAdmin, readKeptRun, writeKeptRun } from "../../../scripts/lib/local/kept-data.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kept-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("kept data", () => {
  test("remembers administrators and addresses, for this user only", () => {
    expect(readKeptRun(folder)).toBeUndefined();
    const run = { admin: newAdmin(), port: 8080, resource: "http://localhost:8000/mcp", realmMade: true };
    writeKeptRun(folder, run);
    expect(readKeptRun(folder)).toEqual(run);
    expect(statSync(join(folder, "local-run.json")).mode & 0o777).toBe(0o600);
  });

  test("makes other secrets each time", () => {
    expect(newAdmin().password).not.toBe(newAdmin().password);
    expect(newAdmin().clientSecret).not.toBe(newAdmin().clientSecret);
  });

  test("that nobody can log in to, or that cannot be read, is one clear error", () => {
    writeFileSync(join(folder, "keycloak.mv.db"), "");
    expect(() => readKeptRun(folder)).toThrow(/local-run\.json is missing.*Remove .* to begin anew\./);
    writeFileSync(join(folder, "local-run.json"), "{");
    expect(() => readKeptRun(folder)).toThrow(/local-run\.json cannot be read: .*Remove .* to begin anew\./);
  });
});
