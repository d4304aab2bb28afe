import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { newEnvironment } from "../../../scripts/lib/new-environment/index.ts";
import { writeEnvironment } from "../../../scripts/lib/new-environment/write.ts";
import { NEEDED, temporaryEnvironments } from "./support/choices.ts";

let folder: string;
beforeEach(() => {
  folder = temporaryEnvironments();
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("[environment.new] writing an environment's file", () => {
  test("leaves nothing beside it", async () => {
    const { file } = await newEnvironment(NEEDED, { folder });
    expect(file).toMatch(/staging\.ts$/);
    expect(readdirSync(folder).sort()).toEqual(["schema", "staging.ts"]);
  });

  test("never touches a file that is there", async () => {
    writeFileSync(join(folder, "staging.ts"), "mine");
    await expect(newEnvironment(NEEDED, { folder })).rejects.toThrow(
      /staging\.ts is there already, and is left as it is: choose another name, edit it, or remove it first\.$/,
    );
    expect(() => writeEnvironment(folder, "staging", "other")).toThrow(/is there already/);
    expect(readFileSync(join(folder, "staging.ts"), "utf8")).toBe("mine");
    expect(readdirSync(folder).sort()).toEqual(["schema", "staging.ts"]);
  });

  test("says so before it asks anything", async () => {
    writeFileSync(join(folder, "staging.ts"), "mine");
    await expect(newEnvironment({ name: "staging" }, { folder })).rejects.toThrow(/is there already/);
  });

  test("only gives the text back, with dryRun", async () => {
    mkdirSync(join(folder, "staging.ts"));
    expect((await newEnvironment(NEEDED, { folder, dryRun: true })).text).toContain('name: "staging"');
    expect(readdirSync(join(folder, "staging.ts"))).toEqual([]);
  });

  test("says where the folder cannot be written to", async () => {
    await expect(newEnvironment(NEEDED, { folder: join(folder, "nowhere") })).rejects.toThrow(
      /nowhere\/staging\.ts cannot be written: .*ENOENT/,
    );
  });
});
