import { describe, expect, test } from "@jest/globals";
import { logLine, shownParts } from "../../../scripts/lib/logs/line.ts";

const TASK = "1f0c".repeat(8);
const event = (message: string) => ({
  timestamp: 1_763_978_309_336,
  logStreamName: `keycloak/keycloak/${TASK}`,
  message,
});

describe("a line of the log", () => {
  test("has its time, task and level", () => {
    const text = "2026-11-24 09:58:29,336 WARN  [org.keycloak.events] (executor-thread-1) x";
    expect(logLine(event(text))).toEqual({ time: new Date(1_763_978_309_336), task: TASK, level: "WARN", text });
  });

  test("has no level where it goes on with another", () => {
    expect(logLine(event("Caused by: ERROR: 2026-11-24"))).not.toHaveProperty("level");
  });

  test("is shown with one time, and with the first digits of the task's id", () => {
    const line = logLine(event("2026-11-24 09:58:29,336 INFO  [org.keycloak.services] (main) started "));
    expect(shownParts(line)).toEqual({
      time: "2025-11-24T09:58:29.336Z",
      task: "1f0c1f0c",
      text: "INFO  [org.keycloak.services] (main) started",
    });
  });

  test("cannot disturb the terminal", () => {
    const { text } = shownParts(logLine(event("user\x1b]0;title\x07 \x9b2J\r\tname")));
    expect(text).toBe("user\\x1b]0;title\\x07 \\x9b2J\\x0d\tname");
  });
});
