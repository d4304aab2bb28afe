import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { loadEnvironment, loadEnvironments } from "../../environments/index.ts";
import { MINIMAL } from "../support/environment.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "environments-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: object) =>
  writeFileSync(join(folder, `${name}.ts`), `export default ${JSON.stringify({ ...MINIMAL, name, ...content })};\n`);

describe("loading environments", () => {
  test("gives every file but the template and the loader, sorted", async () => {
    write("zeta", {});
    write("alpha", {});
    write("template", { name: "!" });
    expect((await loadEnvironments(folder)).map((environment) => environment.name)).toEqual(["alpha", "zeta"]);
  });

  test("[environment.errors] names the file before each error, of all files at once", async () => {
    write("one", { aws: { region: "x" } });
    write("two", { extra: true });
    await expect(loadEnvironments(folder)).rejects.toThrow(/one\.ts: aws\.region: [^\n]*\n.*two\.ts: extra: no such/);
  });

  test("[environment.errors] refuses a copy that kept its name, which would be the other environment", async () => {
    write("one", {});
    write("two", { name: "one" });
    const error = /two\.ts: name: "one" must be the file's own name, "two", because commands find the file by it$/;
    await expect(loadEnvironments(folder)).rejects.toThrow(error);
    await expect(loadEnvironment("two", folder)).rejects.toThrow(error);
  });

  test("says where a file cannot be read", async () => {
    writeFileSync(join(folder, "broken.ts"), "throw new Error('no luck');");
    await expect(loadEnvironments(folder)).rejects.toThrow(/broken\.ts: cannot be read: no luck/);
    writeFileSync(join(folder, "broken.ts"), "export const a = 1;");
  });

  test("says how to export", async () => {
    writeFileSync(join(folder, "empty.ts"), "export const a = 1;");
    await expect(loadEnvironments(folder)).rejects.toThrow(/empty\.ts: has no default export/);
  });

  test("suggests the name that was meant, and how to make a new one", async () => {
    write("production", {});
    await expect(loadEnvironment("prodction", folder)).rejects.toThrow(
      /no environment "prodction", did you mean "production"\? There are: production\. To make one: npm run new-environment -- prodction/,
    );
  });

  test("loads one, whatever is wrong with the others", async () => {
    write("good", {});
    write("bad", { extra: true });
    expect(await loadEnvironment("good", folder)).toMatchObject({ name: "good" });
  });
});
