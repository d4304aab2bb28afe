import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { contentFiles, contentTag, IMAGE_FOLDER } from "../../keycloak-image/content.ts";
import { imageRecipe } from "../../keycloak-image/recipe.ts";
import { environment, environmentOnAws, MINIMAL_AWS } from "../support/environment.ts";
import type { EnvironmentOnAws } from "../../environments/schema/on-aws.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "image-"));
  for (const name of ["Dockerfile", "providers", "themes"])
    cpSync(join(IMAGE_FOLDER, name), join(folder, name), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const recipe = imageRecipe(environmentOnAws());
const write = (path: string, text = "x") => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
};

describe("an image's tag", () => {
  test("is the same wherever the folder is, and a tag that ECR takes", () => {
    expect(contentTag(recipe, folder)).toBe(contentTag(recipe));
    expect(contentTag(recipe)).toMatch(/^26\.7\.3-[0-9a-f]{12}$/);
  });

  test.each([
    ["a theme", "themes/company/login/theme.properties"],
    ["a provider", "providers/company.jar"],
    ["the Dockerfile", "Dockerfile"],
  ])("is another one with %s changed", (_, path) => {
    const before = contentTag(recipe, folder);
    write(path);
    expect(contentTag(recipe, folder)).not.toBe(before);
  });

  test("is another one where two files swap their contents", () => {
    write("providers/a.jar", "1");
    write("providers/b.jar", "2");
    const before = contentTag(recipe, folder);
    write("providers/a.jar", "2");
    write("providers/b.jar", "1");
    expect(contentTag(recipe, folder)).not.toBe(before);
  });

  test("does not depend on what is not in the image: this project's code, hidden files", () => {
    const before = contentTag(recipe, folder);
    write("settings.ts");
    write("themes/.DS_Store");
    write("themes/.git/config");
    expect(contentTag(recipe, folder)).toBe(before);
    expect(contentFiles(folder)).toEqual(contentFiles());
  });

  test("differs between environments only where their images do", () => {
    const tags = new Map<string, EnvironmentOnAws>(
      Object.entries({
        plain: environmentOnAws(),
        sameImage: environmentOnAws({ stage: "development", image: { tag: "mine" } }),
        otherProcessor: environmentOnAws({ service: { architecture: "X86_64" } }),
        otherBase: environmentOnAws({ image: { baseDigest: DIGEST } }),
        otherDriver: environmentOnAws({ database: { jdbcDriver: "aws-wrapper" } }),
        otherRelease: environment({
          aws: MINIMAL_AWS,
          keycloak: { url: "https://auth.example.com/auth", version: "26.4.5" },
        }) as EnvironmentOnAws,
        otherFeatures: environment({ aws: MINIMAL_AWS, resourceIndicators: true }) as EnvironmentOnAws,
      }),
    );
    const byTag = groupBy([...tags.keys()], (name) => contentTag(imageRecipe(tags.get(name)!)));
    expect([...byTag.values()]).toEqual([
      ["plain", "sameImage"],
      ["otherProcessor"],
      ["otherBase"],
      ["otherDriver"],
      ["otherRelease"],
      ["otherFeatures"],
    ]);
  });
});

test("a recipe has the driver's class and jar together, and the features of the realm", () => {
  const wrapped = imageRecipe({
    ...environmentOnAws({ database: { jdbcDriver: "aws-wrapper" } }),
    resourceIndicators: true,
  });
  expect(wrapped.buildOptions).toContain("--db-driver=software.amazon.jdbc.Driver");
  expect(wrapped.buildOptions).toContain("--features=resource-indicators");
  expect(wrapped.libraries).toEqual([
    { groupId: "software.amazon.jdbc", artifactId: "aws-advanced-jdbc-wrapper", version: "4.3.0" },
  ]);
  expect(recipe.libraries).toEqual([]);
});

function groupBy(names: readonly string[], key: (name: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) groups.set(key(name), [...(groups.get(key(name)) ?? []), name]);
  return groups;
}
