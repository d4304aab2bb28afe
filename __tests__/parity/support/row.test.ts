import { describe, expect, test } from "@jest/globals";
import {
  byDefault,
  changed,
  dropped,
  idOf,
  Including,
  missing,
  on,
  problemOf,
  same,
  sameAs,
  section,
  Text,
  type Row,
} from "./row.ts";

type Draft = Parameters<typeof section>[2][number];

const row = (draft: Draft): Row => section("main.tf, aws_lb.x", "aws_lb", [draft])[0]!;
const problem = (draft: Draft, value: unknown) => problemOf(row(draft), { found: true, value });

describe("a row", () => {
  test("stands at its argument below the section's block, or at an address of its own", () => {
    expect(row(same("internal", false))).toMatchObject({ ours: "aws_lb: internal", environment: "production" });
    expect(row(same("a", 1, "access_logs.enabled")).ours).toBe("aws_lb: access_logs.enabled");
    expect(row(same("a", 1, "aws_s3_bucket: force_destroy")).ours).toBe("aws_s3_bucket: force_destroy");
    expect(row(on("internal", same("internal", true))).environment).toBe("internal");
  });

  test("is called by where it comes from and what it sets", () => {
    expect(idOf(row(same("internal", false)))).toBe("main.tf, aws_lb.x — internal");
  });

  test("is made for each argument of a block that is missing", () => {
    const rows = missing("main.tf, random_password.x", "random_password *", "why not", { length: 30, special: false });
    expect(rows.map(({ theirs, value, kind, ours }) => [theirs, value, kind, ours])).toEqual([
      ["length", 30, "dropped", "random_password *"],
      ["special", false, "dropped", "random_password *"],
    ]);
  });
});

describe("a problem is", () => {
  test("another value than theirs, and none at all", () => {
    expect(problem(same("port", 8080), 8080)).toBeUndefined();
    expect(problem(same("port", 8080), 8081)).toBe("aws_lb: port is 8081, not 8080");
    expect(problem(same("port", 8080), undefined)).toBe("aws_lb: port is undefined, not 8080");
    expect(problem(sameAs("cpu", 1024, "1024"), 1024)).toBe("aws_lb: cpu is 1024, not 1024");
  });

  test("a value that is neither absent nor the default", () => {
    expect(problem(byDefault("enabled", true), undefined)).toBeUndefined();
    expect(problem(byDefault("enabled", true), true)).toBeUndefined();
    expect(problem(byDefault("enabled", true), false)).toBe("aws_lb: enabled is false, not true by default");
  });

  test("a changed setting that has their value again", () => {
    expect(problem(changed("percent", 50, 100, "why"), 100)).toBeUndefined();
    expect(problem(changed("percent", 50, 100, "why"), 50)).toBe("aws_lb: percent is 50, not 100");
  });

  test("a dropped setting that is there", () => {
    expect(problem(dropped("tags", {}, "why"), undefined)).toBeUndefined();
    expect(problem(dropped("tags", {}, "why"), false)).toBe("aws_lb: tags is false, not absent");
  });

  test("a block that is not there, also for a setting that is to be absent", () => {
    const gone = { found: false, value: 0 };
    expect(problemOf(row(dropped("tags", {}, "why")), gone)).toBe("aws_lb: tags: there is no such block");
    expect(problemOf(row(byDefault("enabled", true)), gone)).toBe("aws_lb: enabled: there is no such block");
  });

  test("a text without the part, a list without the entry or of another length", () => {
    expect(problem(sameAs("arn", "", new Text("/db")), "arn:/db_password")).toBeUndefined();
    expect(problem(sameAs("arn", "", new Text("/db")), "arn:/admin")).toBe('aws_lb: arn is "arn:/admin", not … /db …');
    expect(problem(sameAs("ports", 80, new Including(80)), [443, 80])).toBeUndefined();
    expect(problem(sameAs("ports", 80, new Including(80)), [443])).toBe("aws_lb: ports is [443], not […, 80, …]");
    expect(problem(sameAs("zones", "", [new Text("sort"), "b"]), ["sort(a)", "b"])).toBeUndefined();
    expect(problem(sameAs("zones", "", [new Text("sort"), "b"]), ["sort(a)"])).toBe(
      'aws_lb: zones is ["sort(a)"], not [… sort …, b]',
    );
  });
});
