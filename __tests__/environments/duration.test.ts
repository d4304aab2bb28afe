import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { formatDuration, parseDuration } from "../../environments/schema/duration.ts";

test.each([
  ["90s", 90],
  ["30m", 1800],
  ["10h", 36_000],
  ["30d", 2_592_000],
])("%s is %d seconds", (text, seconds) => expect(parseDuration(text)).toBe(seconds));

test.each(["", "1", "h", "1.5h", "-1h", "1 h", "1h30m", "1w"])("%j is no duration", (text) =>
  expect(parseDuration(text)).toBeUndefined(),
);

test("what is written is read back, for any number of seconds", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 9_999_999 }), (n) => parseDuration(formatDuration(n)) === n));
});
