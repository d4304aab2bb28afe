import { describe, expect, test } from "@jest/globals";
import type { TerraformJson } from "./blocks.ts";
import { hasWildAction, isForEverybody, isWide, mentions, statements } from "./iam.ts";

/** A stack of a few resources: `{ aws_x: { name: { ... } } }`. */
const stack = (resource: TerraformJson["resource"]): TerraformJson => ({ resource });

describe("policies", () => {
  const read = (json: TerraformJson) => statements(json)[0]!;
  const ofDocument = (statement: object) =>
    read({ data: { aws_iam_policy_document: { d: { statement: [statement] } } } });
  const ofJson = (Statement: object) =>
    read(stack({ aws_x: { x: { nested: { policy: JSON.stringify({ Statement }) } } } }));

  test.each([
    [
      "a document",
      ofDocument({
        sid: "One",
        effect: "Deny",
        actions: ["s3:Get*"],
        not_resources: ["a"],
        principals: [{ type: "AWS", identifiers: ["me"] }],
        condition: [{ test: "Bool", variable: "v", values: ["x"] }],
      }),
      "data.aws_iam_policy_document.d",
    ],
    [
      "JSON",
      ofJson({
        Sid: "One",
        Effect: "Deny",
        Action: "s3:Get*",
        NotResource: "a",
        Principal: { AWS: "me" },
        Condition: { Bool: { v: "x" } },
      }),
      "aws_x.x",
    ],
  ])("are read from %s", (_, statement, address) => {
    expect(statement).toEqual({
      address,
      sid: "One",
      allows: false,
      actions: ["s3:Get*"],
      resources: [],
      excepts: true,
      principals: [{ type: "AWS", identifiers: ["me"] }],
      conditions: [{ test: "Bool", variable: "v", values: ["x"] }],
    });
  });

  test("that are too wide are found", () => {
    const about = (...resources: string[]) => isWide(ofDocument({ resources }));
    expect([
      about("*"),
      about("a", "arn:aws:s3:::*"),
      about("arn:aws:s3:::b/*", "arn:aws:logs:r:1:log-group:*"),
    ]).toEqual([true, true, false]);
    const allows = (...actions: string[]) => hasWildAction(ofDocument({ actions }));
    expect([allows("*"), allows("kms:Describe*", "s3:*"), allows("kms:Describe*")]).toEqual([true, true, false]);
  });

  test("that are for everybody, or do not name the account, are found", () => {
    expect(isForEverybody(ofJson({ Principal: "*" }))).toBe(true);
    expect(isForEverybody(ofJson({ Principal: { AWS: ["a", "*"] } }))).toBe(true);
    expect(isForEverybody(ofJson({ Principal: { Service: "a" } }))).toBe(false);
    expect(mentions(ofJson({ Condition: { Is: { v: "1" } }, Resource: ["arn:2:x"] }), "2")).toBe(true);
    expect(mentions(ofJson({ Condition: { Is: { v: "1" } }, Principal: { AWS: "2" } }), "2")).toBe(false);
  });
});
