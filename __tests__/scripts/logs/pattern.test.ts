import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { filterPattern } from "../../../scripts/lib/logs/pattern.ts";
import { matches } from "../../support/log-pattern.ts";

describe("the filter for CloudWatch", () => {
  test("asks for everything where nothing is asked for", () => {
    expect(filterPattern({ texts: [], errors: false })).toBeUndefined();
  });

  test.each(["alice", 'type="LOGIN_ERROR"', "a\\b", "?x", "-x", "%[a]%", "{ $.a = 1 }", "two words", 'ends with \\"'])(
    "finds %s, and nothing else",
    (text) => {
      const pattern = filterPattern({ texts: [text], errors: false })!;
      expect(matches(pattern, `before ${text} after`)).toBe(true);
      expect(matches(pattern, "before after")).toBe(false);
    },
  );

  test("any text means itself", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (text, line) => {
        expect(matches(filterPattern({ texts: [text], errors: false })!, line)).toBe(line.includes(text));
      }),
    );
  });

  test("wants all texts, also with the levels, which CloudWatch would overlook beside them", () => {
    const pattern = filterPattern({ texts: ["alice", "LOGIN"], errors: true })!;
    expect(matches(pattern, "LOGIN of alice")).toBe(true);
    expect(matches(pattern, "LOGIN of bob")).toBe(false);
    expect(pattern).not.toContain("?");
  });

  test.each([
    ["2026-11-24 09:58:29,336 WARN  [org.keycloak.events] x", true],
    ["2026-11-24 09:58:29,336 ERROR [org.keycloak.events] x", true],
    ["2026-11-24 09:58:29,336 INFO  [org.keycloak.events] x", false],
  ])("errors: %s: %p", (line, expected) => {
    expect(matches(filterPattern({ texts: [], errors: true })!, line)).toBe(expected);
  });
});
