import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { findJava } from "../../../scripts/lib/local/java.ts";

const folder = mkdtempSync(join(tmpdir(), "java-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A program that says what a Java of that version says; gives back its home. */
function fakeJava(name: string, version: string, specification = version.split(".")[0]!): string {
  const home = join(folder, name);
  mkdirSync(join(home, "bin"), { recursive: true });
  const lines = [`java.home = ${home}`, `java.specification.version = ${specification}`, `java.version = ${version}`];
  writeFileSync(
    join(home, "bin", "java"),
    `#!/bin/sh\ncat >&2 <<END\nProperty settings:\n${lines.map((line) => `    ${line}`).join("\n")}\nEND\n`,
  );
  chmodSync(join(home, "bin", "java"), 0o755);
  return home;
}
const old = fakeJava("old", "11.0.2");
const ancient = fakeJava("ancient", "1.8.0_392", "1.8");
const good = fakeJava("good", "21.0.1");
const bin = (...homes: string[]) => [...homes.map((home) => join(home, "bin")), "/bin"].join(delimiter);

describe("findJava", () => {
  test("takes JAVA_HOME first", async () => {
    expect(await findJava({ JAVA_HOME: good, PATH: bin(old) })).toEqual({ home: good, major: 21, version: "21.0.1" });
  });

  test("goes on along PATH past one that is too old", async () => {
    expect(await findJava({ JAVA_HOME: ancient, PATH: bin(old, good) })).toMatchObject({ home: good });
  });

  test("says in one line what it found where, and what to do", async () => {
    const none = join(folder, "none");
    await expect(findJava({ JAVA_HOME: none, PATH: join(old, "bin") })).rejects.toThrow(
      `Keycloak needs Java 17 or newer, but found only no java in JAVA_HOME=${none}, Java 11.0.2 (${join(old, "bin", "java")}). Install a JDK`,
    );
  });

  test("says in one line that there is none", async () => {
    await expect(findJava({ PATH: folder })).rejects.toThrow(
      /^Keycloak needs Java 17 or newer, but found none in JAVA_HOME or on PATH\. Install a JDK 17 or 21/,
    );
  });
});
