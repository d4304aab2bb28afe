import { describe, expect, test } from "@jest/globals";
import { fullness, outcomeReport, planReport } from "../../../scripts/lib/prune/report.ts";
import type { PruneResult } from "../../../scripts/lib/prune/prune.ts";

const NOON = Date.UTC(2026, 10, 24, 12);

function result(changes: Partial<PruneResult> = {}): PruneResult {
  return {
    clients: 412,
    maxClients: 1000,
    days: 30,
    proof: { from: NOON, since: NOON - 86_400_000, types: [], unusedDays: 30 },
    unused: [{ id: "1", clientId: "1", name: "One\u001b[31m" }],
    kept: { notSelfRegistered: 8, inUse: 100, recent: 3 },
    applied: true,
    outcomes: { removed: 1, "in use": 0, gone: 0 },
    ...changes,
  };
}

describe("fullness", () => {
  test.each([
    [412, "412 of at most 1000 clients (41 %)"],
    [999, "999 of at most 1000 clients (99 %)"],
    [1000, "1000 of at most 1000 clients (100 %): nobody can register a new one"],
    [1003, "1003 of at most 1000 clients (100 %): nobody can register a new one"],
  ])("of %d", (clients, text) => {
    expect(fullness(result({ clients }))).toBe(text);
  });
});

describe("planReport", () => {
  test("[clients.prune] says who goes, who stays and why", () => {
    expect(planReport(result(), 0)).toBe(
      [
        "412 of at most 1000 clients (41 %)",
        "",
        "    1  unused: registered themselves, no session now, no login since 2026-11-24 12:00 UTC",
        "  100  stay: somebody has a session with them",
        "    3  stay: registered, or logged somebody in, since then",
        "    8  stay: built-in, defined, made or changed by an administrator, or not certainly self-registered",
        "",
        "  Client  Registered         Calls itself",
        '  1       before 2026-11-23  "One\\u001b[31m"',
      ].join("\n"),
    );
  });

  test("[clients.prune-proof] says what is not proved where offline sessions end sooner", () => {
    const { proof } = result();
    expect(planReport(result({ proof: { ...proof, unusedDays: 7 }, unused: [] }), 0)).toContain(
      "An offline session ends after 7 days without use (realm.lifespans.offlineIdle). So for those 30 days it is proved " +
        "that nobody logged in, and for the last 7 days that nobody got a token.",
    );
  });
});

describe("outcomeReport", () => {
  test.each<[Partial<PruneResult>, string]>([
    [{}, "1 client removed; 411 of at most 1000 are left."],
    [{ unused: [] }, "Nothing to remove."],
    [{ applied: false }, "1 client can go. Nothing was removed: add --apply to remove them."],
    [
      { outcomes: { removed: 6, "in use": 1, gone: 2 } },
      "6 clients removed; 404 of at most 1000 are left.\n1 client stayed: somebody has logged in meanwhile.\n" +
        "2 clients had gone meanwhile.",
    ],
  ])("of %j", (changes, text) => {
    expect(outcomeReport(result(changes))).toBe(text);
  });
});
