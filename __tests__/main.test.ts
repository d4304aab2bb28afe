import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

const folder = mkdtempSync(join(tmpdir(), "synth-"));
const PLANTED = {
  KEYCLOAK_USER: "planted-user-1",
  KEYCLOAK_PASSWORD: "planted-password-2",
  KEYCLOAK_CLIENT_ID: "planted-client-3",
  KEYCLOAK_CLIENT_SECRET: "planted-secret-4",
  AWS_ACCESS_KEY_ID: "planted-key-5",
  AWS_SECRET_ACCESS_KEY: "planted-secret-6",
};

/** Runs the app as `cdktf synth` does: the CLI names the folder in a variable. */
function synth(out: string, variables: Record<string, string> = {}): Map<string, string> {
  execFileSync(process.execPath, ["--import", "tsx", "main.ts"], {
    env: { ...process.env, ...variables, CDKTF_OUTDIR: out },
    stdio: "pipe",
  });
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files
      .map((file) => join(file.parentPath, file.name))
      .sort()
      .map((path) => [path.slice(out.length), readFileSync(path, "utf8")]),
  );
}

describe("cdktf synth", () => {
  let first: Map<string, string>;
  beforeAll(() => {
    first = synth(join(folder, "first"), PLANTED);
  }, 30_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test("yields the stacks of every environment", () => {
    const manifest = JSON.parse(first.get("/manifest.json")!) as { stacks: object };
    expect(Object.keys(manifest.stacks).sort()).toEqual([
      "development-keycloak",
      "development-realm",
      "development-registry",
      "intranet-keycloak",
      "intranet-realm",
      "intranet-registry",
      "local-realm",
      "production-keycloak",
      "production-realm",
      "production-registry",
    ]);
  });

  test("[terraform.synth] yields the same bytes twice, with other credentials and in another folder", () => {
    expect(synth(join(folder, "second"))).toEqual(first);
  }, 30_000);

  test("[secrets.nowhere] writes no credential", () => {
    const all = [...first.values()].join("\n");
    for (const secret of Object.values(PLANTED)) expect(all).not.toContain(secret);
  });

  test("writes no path of this machine", () => {
    expect([...first.values()].join("\n")).not.toContain(resolve("."));
  });

  test("says everything that is wrong with an environment, and nothing else", () => {
    const copy = join(folder, "copy");
    for (const part of [
      "main.ts",
      "package.json",
      "tsconfig.json",
      "environments",
      "realm",
      "constructs",
      "keycloak-image",
      "stacks",
      "scripts",
      "requirements",
    ])
      cpSync(part, join(copy, part), { recursive: true });
    symlinkSync(resolve("node_modules"), join(copy, "node_modules"));
    writeFileSync(
      join(copy, "environments", "broken.ts"),
      'export default { name: "broken", aws: { region: "mars-north-1" }, keycloak: { url: "http://auth.example.com" }, mcpServers: [] };\n',
    );
    const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "main.ts"], {
      cwd: copy,
      env: { ...process.env, CDKTF_OUTDIR: join(folder, "none") },
      encoding: "utf8",
    });
    expect(status).toBe(1);
    const lines = stderr.trim().split("\n");
    expect(lines.filter((line) => line.startsWith("environments/broken.ts: "))).toHaveLength(3);
    expect(lines).toHaveLength(3);
  }, 30_000);
});
