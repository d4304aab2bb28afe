import { describe, expect, test } from "@jest/globals";
import type { TerraformJson } from "./blocks.ts";
import { ambiguousNames, otherNames, refusedNames, sharedNames } from "./names.ts";

/** A stack of a few resources: `{ aws_x: { name: { ... } } }`. */
const stack = (resource: TerraformJson["resource"]): TerraformJson => ({ resource });

describe("names", () => {
  const name = (kind: string, value: string) => ({ address: "it", kind, value });

  test("that are too long or of the wrong form are found", () => {
    expect(
      refusedNames([name("aws_lb.name", "a".repeat(32)), name("aws_rds_cluster.cluster_identifier", "a-b")]),
    ).toEqual([]);
    expect(
      refusedNames([name("aws_lb.name", "a".repeat(33)), name("aws_rds_cluster.cluster_identifier", "a--b")]),
    ).toEqual([
      expect.stringContaining("has 33 characters, not 32 at most"),
      expect.stringContaining('"a--b" is not of'),
    ]);
  });

  test("that two resources of a type ask for are found", () => {
    const asked = [name("aws_lb.name", "a"), name("aws_lb.name", "a"), name("aws_ecs_cluster.name", "a")];
    expect(sharedNames(asked)).toEqual(['aws_lb.name "a"']);
  });

  test("that a longer environment's name would make too are found", () => {
    const asked = ["k-dev-high", "k-dev-db-high", "k-dev-1", "k-dev-21", "/k/dev/high"];
    expect(
      ambiguousNames(
        asked.map((value) => name("aws_x.name", value)),
        "dev",
      ),
    ).toEqual([
      expect.stringContaining('"k-dev-db-high": an environment "dev-db" asks for it too, as for "k-dev-high"'),
    ]);
  });

  test("that no table knows are found, and references are none", () => {
    const json = stack({
      aws_new: { n: { name: "x", bucket_name: "y", role_name: "${aws_iam_role.r.name}", size: "z" } },
    });
    expect(otherNames(json)).toEqual(["aws_new.name", "aws_new.bucket_name"]);
  });
});
