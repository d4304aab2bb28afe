import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { contentFiles, IMAGE_FOLDER } from "../../keycloak-image/content.ts";
import { OFFICIAL_IMAGE } from "../../keycloak-image/recipe.ts";
import { buildOptions, PORTS, RDS_CA_BUNDLE, USER, WRITABLE_DIRECTORIES } from "../../keycloak-image/settings.ts";
import { DEFAULT_KEYCLOAK_VERSION } from "../../realm/versions/index.ts";
import { defaultOf, readDockerfile, type Instruction } from "./support/dockerfile.ts";

const [build, final] = readDockerfile() as [ReturnType<typeof readDockerfile>[0], ReturnType<typeof readDockerfile>[0]];
const of = (keyword: string): Instruction[] => final.instructions.filter((one) => one.keyword === keyword);

describe("the Dockerfile agrees with what task definition and load balancer expect of the image", () => {
  test("its arguments' defaults are the settings, so that a plain docker build makes the same image", () => {
    const options = buildOptions({ database: "postgres", features: [] });
    expect(defaultOf("BUILD_OPTIONS")).toBe(options.join(" "));
    expect(defaultOf("KEYCLOAK_VERSION")).toBe(DEFAULT_KEYCLOAK_VERSION);
    expect(defaultOf("KEYCLOAK_IMAGE")).toBe(`${OFFICIAL_IMAGE}:${DEFAULT_KEYCLOAK_VERSION}`);
  });

  test("both stages are on the same image, and the first runs on the builder's own processor", () => {
    expect(build.base).toBe(final.base);
    expect([build.platform, final.platform]).toEqual(["$BUILDPLATFORM", undefined]);
  });

  test("the last stage runs nothing: it may be for another processor than the builder's", () => {
    expect(of("RUN")).toEqual([]);
  });

  test("it runs as the user that the task definition names, never as root", () => {
    expect(of("USER").map(({ text }) => text)).toEqual([USER]);
    expect(build.instructions.filter(({ keyword }) => keyword === "USER")).toEqual([]);
  });

  test("it exposes the ports of the task definition", () => {
    expect(of("EXPOSE")[0]!.parameters).toEqual(
      [PORTS.http, PORTS.management, PORTS.cluster, PORTS.clusterFailureDetection].map(String),
    );
  });

  test("what the task mounts is a volume of the image, or Fargate would give it to root", () => {
    expect([...of("VOLUME")[0]!.parameters].sort()).toEqual(Object.values(WRITABLE_DIRECTORIES).sort());
    const after = final.instructions.slice(final.instructions.indexOf(of("VOLUME")[0]!) + 1);
    expect(after.filter(({ keyword }) => /^(COPY|ADD|RUN)$/.test(keyword))).toEqual([]);
  });

  test("the certificates of RDS are where the database's URL looks for them, and readable", () => {
    const [add] = of("ADD");
    expect(add!.parameters).toEqual([defaultOf("RDS_CA_BUNDLE"), RDS_CA_BUNDLE]);
    expect(add!.flags).toEqual({ chmod: "0644" });
  });

  test("labels tell release, base and its digest", () => {
    const labelled = readDockerfile({ KEYCLOAK_VERSION: "26.4.5", BASE_DIGEST: "sha256:1", CONTENT: "c" })[1]!;
    const { text } = labelled.instructions.find(({ keyword }) => keyword === "LABEL")!;
    expect(text).toContain('org.opencontainers.image.version="26.4.5"');
    expect(text).toContain('org.opencontainers.image.base.digest="sha256:1"');
    expect(text).toContain('keycloak-mcp-aws.content="c"');
  });
});

test("everything that is copied from the context is counted as content, and let through by .dockerignore", () => {
  const copied = build.instructions
    .filter(({ keyword, flags }) => keyword === "COPY" && !flags.from)
    .map(({ parameters }) => parameters[0]!.replace(/\/$/, ""));
  const allowed = readFileSync(join(IMAGE_FOLDER, ".dockerignore"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("!"))
    .map((line) => line.slice(1));
  expect(allowed).toEqual(copied);
  const folders = new Set(contentFiles().map((path) => path.split("/")[0]));
  expect([...folders]).toEqual(["Dockerfile", ...copied]);
});
