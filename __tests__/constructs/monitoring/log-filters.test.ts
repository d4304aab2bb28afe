import { describe, expect, test } from "@jest/globals";
import { LOG_FILTERS } from "../../../constructs/monitoring/log-filters.ts";
import { matches } from "../../support/log-pattern.ts";

/**
 * Lines of Keycloak's log: events as 26.7.3 wrote them in a local run, shortened; the others with the messages that
 * 26.4.5 and 26.7.3 have in their Hibernate (7) and Infinispan.
 */
const LINES = {
  "a wrong password":
    '2026-11-24 09:58:29,336 WARN  [org.keycloak.events] (executor-thread-1) type="LOGIN_ERROR", realmId="957a0247-71cf-4f99-ba91-a22f18d52a78", realmName="mcp", clientId="bf4a54e1", userId="10141603", ipAddress="127.0.0.1", error="invalid_user_credentials"',
  "a login without a code challenge":
    '2026-11-24 09:58:29,336 WARN  [org.keycloak.events] (executor-thread-1) type="LOGIN_ERROR", realmId="957a0247-71cf-4f99-ba91-a22f18d52a78", realmName="mcp", clientId="bf4a54e1", userId="null", ipAddress="127.0.0.1", error="invalid_request", reason="Missing parameter: code_challenge_method"',
  "a client that is refused":
    '2026-11-24 09:58:29,279 WARN  [org.keycloak.events] (executor-thread-1) type="CLIENT_LOGIN_ERROR", realmId="957a0247-71cf-4f99-ba91-a22f18d52a78", realmName="mcp", clientId="55212776", userId="10141603", ipAddress="127.0.0.1", error="invalid_request", reason="client_policy_error"',
  "a registration that is refused":
    '2026-11-24 09:58:28,507 WARN  [org.keycloak.events] (executor-thread-1) type="CLIENT_REGISTER_ERROR", realmId="957a0247-71cf-4f99-ba91-a22f18d52a78", realmName="mcp", clientId="null", userId="null", ipAddress="127.0.0.1", error="not_allowed"',
  "an expired refresh token":
    '2026-11-24 09:58:30,329 WARN  [org.keycloak.events] (executor-thread-3) type="REFRESH_TOKEN_ERROR", realmId="957a0247-71cf-4f99-ba91-a22f18d52a78", realmName="mcp", clientId="d56668b0", userId="null", ipAddress="127.0.0.1", error="invalid_token"',
  "an error of the database":
    "2026-11-24 10:02:11,120 WARN  [org.hibernate.orm.jdbc.error] (executor-thread-4) HHH000247: ErrorCode: 0, SQLState: 08006",
  "no connection to the database":
    "jakarta.persistence.PersistenceException: org.hibernate.exception.JDBCConnectionException: Unable to acquire JDBC Connection [Acquisition timeout while waiting for new connection]",
  "a database that does not answer":
    "Caused by: org.postgresql.util.PSQLException: Connection to database.example.com:5432 refused.",
  "a node that joins":
    "2026-11-24 10:02:11,120 INFO  [org.infinispan.CLUSTER] (jgroups-5,node-1-1) ISPN100000: Node node-2-2 joined the cluster",
  "a node that leaves":
    "2026-11-24 10:02:11,120 INFO  [org.infinispan.CLUSTER] (jgroups-5,node-1-1) ISPN100001: Node node-2-2 left the cluster",
  "a new view of the cluster":
    "2026-11-24 10:02:11,120 INFO  [org.infinispan.CLUSTER] (jgroups-5,node-1-1) ISPN000094: Received new cluster view for channel ISPN: [node-1-1|1] (2) [node-1-1, node-2-2]",
  "two clusters that become one":
    "2026-11-24 10:02:11,120 INFO  [org.infinispan.CLUSTER] (jgroups-5,node-1-1) ISPN000093: Received new, MERGED cluster view for channel ISPN: MergeView::[node-1-1|4] (2) [node-1-1, node-2-2]",
  "a node that has lost half of the cluster":
    "2026-11-24 11:03:16,106 WARN  [org.infinispan.CLUSTER] (non-blocking-thread--p2-t2) [Context=authenticationSessions] ISPN000314: Lost at least half of the stable members, possible split brain causing data inconsistency. Current members are [vm-56329], lost members are [vm-51997]",
  "a node that cannot reach another yet":
    "2026-11-24 11:05:07,576 WARN  [org.jgroups.protocols.pbcast.GMS] (executor-thread-1) vm-14420(v=16.0.14): JOIN(vm-14420(v=16.0.14)) sent to vm-56329 timed out (after 2000 ms), on try 1",
  "a node that waits in vain for another":
    "2026-11-24 11:05:09,583 WARN  [org.jgroups.protocols.pbcast.GMS] (executor-thread-1) vm-14420(v=16.0.14): JOIN(vm-14420(v=16.0.14)) sent to vm-56329 timed out (after 2000 ms), on try 2",
  "a node that goes on alone":
    "2026-11-24 11:05:23,616 WARN  [org.jgroups.protocols.pbcast.GMS] (executor-thread-1) vm-14420(v=16.0.14): too many JOIN attempts (10): becoming singleton",
  "a start":
    "2026-11-24 09:58:16,557 INFO  [org.infinispan.CONTAINER] (main) ISPN000974: Virtual threads support: disabled",
} as const;

/** What each metric counts, and nothing else of the above. */
const COUNTED: Readonly<Record<string, readonly (keyof typeof LINES)[]>> = {
  LoginFailures: ["a wrong password", "a login without a code challenge"],
  DatabaseErrors: ["an error of the database", "no connection to the database", "a database that does not answer"],
  // Not "a node that joins": it was counted, and each deployment set off the alarm.
  ClusterSplits: [
    "two clusters that become one",
    "a node that has lost half of the cluster",
    "a node that waits in vain for another",
    "a node that goes on alone",
  ],
};

describe("the filters of the log", () => {
  test("are these", () => {
    expect(LOG_FILTERS.map(({ metric }) => metric)).toEqual(Object.keys(COUNTED));
  });

  test.each(LOG_FILTERS)("$id counts the lines that it is for, and no others", ({ metric, pattern }) => {
    const counted = Object.entries(LINES).flatMap(([what, line]) => (matches(pattern, line) ? what : []));
    expect(counted).toEqual(COUNTED[metric]);
  });
});

describe("a pattern matches as CloudWatch Logs says", () => {
  test.each([
    ["ERROR", "an ERROR", true],
    ["ERROR", "an error", false],
    ["ERROR timeout", "a timeout, an ERROR", true],
    ["ERROR timeout", "an ERROR", false],
    ["?ERROR ?WARN", "a WARN", true],
    ["?ERROR ?WARN", "an INFO", false],
    ['"internal error"', "an internal error", true],
    ['"internal error"', "an error, internal", false],
    [String.raw`"a \"quoted\" part"`, 'this a "quoted" part', true],
    ["ERROR -timeout", "an ERROR, a timeout", false],
  ])("%s in %j: %s", (pattern, line, expected) => expect(matches(pattern, line)).toBe(expected));
});
