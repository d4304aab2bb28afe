import { describe, expect, test } from "@jest/globals";
import { ago, daysUntil, elapsed, isWithin, moment, momentAgo } from "../../../scripts/lib/terminal/time.ts";

const NOW = Date.UTC(2026, 10, 24, 13, 5);
const before = (seconds: number) => new Date(NOW - seconds * 1000);

describe("times for people", () => {
  test.each([
    [-30, "just now"],
    [90, "90 s ago"],
    [660, "11 min ago"],
    [5 * 3600, "5 h ago"],
    [12 * 86_400, "12 days ago"],
  ])("%d seconds: %s", (seconds, expected) => {
    expect(ago(before(seconds), NOW)).toBe(expected);
  });

  test("a moment is in UTC, and may be unknown", () => {
    expect(moment(NOW)).toBe("2026-11-24 13:05 UTC");
    expect(momentAgo(before(660), NOW)).toBe("2026-11-24 12:54 UTC (11 min ago)");
    expect(momentAgo(undefined, NOW)).toBe("at an unknown time");
  });

  test("how long something took", () => {
    expect(elapsed(7_400)).toBe("7 s");
    expect(elapsed(725_000)).toBe("12 min 5 s");
  });

  test("days and minutes", () => {
    expect(daysUntil(before(-86_400 * 7 - 5), NOW)).toBe(7);
    expect(daysUntil(before(5), NOW)).toBe(-1);
    expect(isWithin(15, before(899), NOW)).toBe(true);
    expect(isWithin(15, before(901), NOW)).toBe(false);
    expect(isWithin(15, undefined, NOW)).toBe(false);
  });
});
