import { describe, expect, test } from "@jest/globals";
import { AWS_CLI_IMAGE, isPublic, postgresImage, repositoryArn } from "../../../constructs/backup/images.ts";

describe("the image with pg_dump", () => {
  test.each(["14.18", "15.13", "16.8", "17.5"])("is of the major release of a database %s", (engineVersion) => {
    const major = engineVersion.split(".")[0]!;
    expect(postgresImage(engineVersion)).toMatch(
      new RegExp(`^public\\.ecr\\.aws/docker/library/postgres:${major}\\.\\d+-alpine$`),
    );
  });
});

test("defaults are of the public gallery, by a release", () => {
  expect([AWS_CLI_IMAGE, postgresImage("16.8")].map(isPublic)).toEqual([true, true]);
  expect(AWS_CLI_IMAGE).toMatch(/:\d+\.\d+\.\d+$/);
});

test.each([
  [
    "111122223333.dkr.ecr.eu-central-1.amazonaws.com/mirror/postgres:16",
    "arn:aws:ecr:eu-central-1:111122223333:repository/mirror/postgres",
  ],
  [
    `111122223333.dkr.ecr.us-east-1.amazonaws.com/cli@sha256:${"0".repeat(64)}`,
    "arn:aws:ecr:us-east-1:111122223333:repository/cli",
  ],
  ["registry.example.com/postgres:16", undefined],
  [AWS_CLI_IMAGE, undefined],
])("a private repository is known by the image %s", (image, arn) => {
  expect(repositoryArn(image)).toBe(arn);
  if (arn) expect(isPublic(image)).toBe(false);
});
