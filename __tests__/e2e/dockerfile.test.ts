import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { imageRecipe } from "../../keycloak-image/recipe.ts";
import { contentTag } from "../../keycloak-image/content.ts";
import { imageContext } from "../../scripts/lib/image/context.ts";
import { ensureDistribution } from "../../scripts/lib/local/distribution.ts";
import { findJava } from "../../scripts/lib/local/java.ts";
import { keycloakVariables } from "../../scripts/lib/local/keycloak-build.ts";
import type { EnvironmentOnAws } from "../../environments/schema/on-aws.ts";
import { carryOut } from "../keycloak-image/support/carry-out.ts";
import { readDockerfile } from "../keycloak-image/support/dockerfile.ts";
import { environment, MINIMAL_AWS } from "../support/environment.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dockerfile-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Digests of all files, by path. */
function files(root: string): Map<string, string> {
  const all = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    all.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(root, path), createHash("sha1").update(readFileSync(path)).digest("hex")];
    }),
  );
}

function differing(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((path) => one.get(path) !== other.get(path)).sort();
}

test.each([
  ["26.7.3", "aws-wrapper"],
  ["26.4.5", "postgresql"],
] as const)(
  "the Dockerfile's steps make an optimized Keycloak of distribution %s with the driver %s, and lose nothing of the build",
  async (version, jdbcDriver) => {
    const onAws = environment({
      aws: { ...MINIMAL_AWS, database: { jdbcDriver } },
      keycloak: { url: "https://auth.example.com/auth", version },
    }) as EnvironmentOnAws;
    const recipe = imageRecipe(onAws);
    const context = await imageContext(recipe, contentTag(recipe), {
      signal: AbortSignal.timeout(60_000),
      cache: folder,
    });
    writeFileSync(join(context, "ca.pem"), "certificates");
    const { home: distribution } = await ensureDistribution(version);
    const env = keycloakVariables(await findJava());
    const stages = readDockerfile({ BUILD_OPTIONS: recipe.buildOptions.join(" "), RDS_CA_BUNDLE: "ca.pem" });
    const home = await carryOut(stages, { context, distribution, folder, env });

    // The last stage copies some folders of the first: all that the build has changed must be in them.
    const built = files(join(folder, "build"));
    expect(differing(built, files(home))).toEqual(["conf/rds-ca-bundle.pem"]);
    expect(differing(built, files(distribution)).filter((path) => !/^(providers|themes)\//.test(path))).toEqual([
      "lib/quarkus/generated-bytecode.jar",
      "lib/quarkus/quarkus-application.dat",
      "lib/quarkus/transformed-bytecode.jar",
    ]);
    const jars = readdirSync(join(home, "providers")).filter((name) => name.endsWith(".jar"));
    expect(jars).toEqual(jdbcDriver === "aws-wrapper" ? ["aws-advanced-jdbc-wrapper-4.3.0.jar"] : []);
    expect(statSync(join(home, "conf", "rds-ca-bundle.pem")).mode & 0o777).toBe(0o644);

    const { stdout } = await promisify(execFile)(join(home, "bin", "kc.sh"), ["show-config"], { env });
    for (const [name, value] of [
      ["db", "postgres"],
      ["http-relative-path", "/auth"],
      ["health-enabled", "true"],
      ["metrics-enabled", "true"],
      ...(jdbcDriver === "aws-wrapper" ? [["db-driver", "software\\.amazon\\.jdbc\\.Driver"]] : []),
    ])
      expect(stdout).toMatch(new RegExp(`kc\\.${name} = +${value} \\(Persisted\\)`));
  },
);
