import { execFile } from "node:child_process";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { logGroupName } from "../../constructs/names.ts";
import { clientOptions } from "../../scripts/lib/aws/ask.ts";
import { readLog, type LogOptions } from "../../scripts/lib/logs/index.ts";
import type { EnvironmentOnAws } from "../../environments/schema/on-aws.ts";
import { environmentOnAws } from "../support/environment.ts";
import { until } from "../support/until.ts";
import { startAwsFront, type AwsFront } from "./support/aws-front.ts";
import { describeOnAws, startMoto, type EmulatedAws } from "./support/moto.ts";
import { runScript, scriptParameters, startScript } from "./support/run-script.ts";

const ONE = "1f0c".repeat(8);
const OTHER = "a2b3".repeat(8);
let aws: EmulatedAws;
let front: AwsFront;
let environment: EnvironmentOnAws;
let client: CloudWatchLogsClient;
const before = { ...process.env };

/** Makes the log group of an environment, with a stream for each task and one of a backup. */
async function makeGroup(logGroupName: string): Promise<void> {
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  for (const logStreamName of [...[ONE, OTHER].map((task) => `keycloak/keycloak/${task}`), `db-dump/dump/${ONE}`])
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
}

/**
 * Writes lines to a stream.
 * @param lines seconds ago and text
 */
async function write(stream: string, lines: readonly (readonly [number, string])[], group = logGroupName("test")) {
  const logEvents = lines.map(([ago, message]) => ({ timestamp: Date.now() - ago * 1000, message }));
  await client.send(
    new PutLogEventsCommand({ logGroupName: group, logStreamName: `keycloak/keycloak/${stream}`, logEvents }),
  );
}

const keycloakLine = (level: string, text: string) =>
  `2026-11-24 09:58:29,336 ${level.padEnd(5)} [org.keycloak.events] (executor-thread-1) ${text}`;

const read = (options: Partial<LogOptions> = {}) =>
  readLog(environment, {
    signal: new AbortController().signal,
    since: new Date(Date.now() - 3600_000),
    follow: false,
    texts: [],
    errors: false,
    ...options,
  });

async function texts(options: Partial<LogOptions> = {}): Promise<string[]> {
  const found: string[] = [];
  for await (const { text } of read(options)) found.push(text.replace(/^.*\) /, ""));
  return found;
}

const askedForLines = () => front.asked.filter(({ action }) => action === "FilterLogEvents").map(({ input }) => input);

describeOnAws("npm run logs", () => {
  beforeAll(async () => {
    aws = await startMoto();
    front = await startAwsFront(aws.variables.AWS_ENDPOINT_URL!);
    Object.assign(process.env, aws.variables, { AWS_ENDPOINT_URL: front.url });
    environment = environmentOnAws();
    client = new CloudWatchLogsClient(clientOptions(environment.aws.region));
  });
  afterAll(async () => {
    process.env = before;
    await front.stop();
    await aws.stop();
  });
  beforeEach(async () => {
    await aws.reset();
    await makeGroup(logGroupName("test"));
    front.asked.length = 0;
  });

  test("reads all pages, of all tasks of Keycloak, by time", async () => {
    await write(
      ONE,
      [5, 4, 2].map((ago) => [ago, `${ago}`]),
    );
    await write(OTHER, [
      [4000, "too old"],
      [3, "3"],
      [1, "1"],
    ]);
    expect(await texts()).toEqual(["5", "4", "3", "2", "1"]);
    // The emulation gives one stream after another.
    expect(await texts({ pageSize: 1 })).toEqual(["5", "4", "2", "3", "1"]);
    expect(askedForLines().length).toBeGreaterThan(5);
  });

  test("an empty page is not the end", async () => {
    const event = { logStreamName: `keycloak/keycloak/${ONE}`, message: "line", timestamp: Date.now() };
    front.says.FilterLogEvents = (_, { nextToken }) =>
      nextToken === "more" ? { events: [event] } : { events: [], nextToken: "more" };
    const found = await texts();
    delete front.says.FilterLogEvents;
    expect(found).toEqual(["line"]);
  });

  test("asks for one task, by the first digits of its id, and never for those that back up", async () => {
    await write(ONE, [[2, "of one"]]);
    await write(OTHER, [[1, "of the other"]]);
    await client.send(
      new PutLogEventsCommand({
        logGroupName: logGroupName("test"),
        logStreamName: `db-dump/dump/${ONE}`,
        logEvents: [{ timestamp: Date.now(), message: "pg_dump" }],
      }),
    );
    expect(await texts()).toEqual(["of one", "of the other"]);
    expect(await texts({ task: ONE.slice(0, 8) })).toEqual(["of one"]);
    expect(await texts({ task: OTHER })).toEqual(["of the other"]);
    expect(askedForLines().at(-1)).toMatchObject({ logStreamNamePrefix: `keycloak/keycloak/${OTHER}` });
  });

  test("lets CloudWatch look for a text, and looks for the levels itself", async () => {
    await write(ONE, [
      [5, keycloakLine("INFO", "an ERROR in name only")],
      [4, keycloakLine("WARN", 'type=[LOGIN_ERROR], error="invalid"')],
      [3, keycloakLine("ERROR", "Failed")],
      [2, "\tat org.keycloak.Some.method"],
      [1, keycloakLine("INFO", "started")],
    ]);
    expect(await texts({ errors: true })).toEqual(['type=[LOGIN_ERROR], error="invalid"', "Failed"]);
    expect(await texts({ texts: ["type=[LOGIN_ERROR], error="] })).toHaveLength(1);
    expect(await texts({ texts: ["name only"], errors: true })).toEqual([]);
    expect(askedForLines().map(({ filterPattern }) => filterPattern)).toEqual([
      "?WARN ?ERROR ?FATAL",
      '"type=[LOGIN_ERROR], error="',
      '"name only"',
    ]);
  });

  test("[logs.follow] shows every line once, also one that comes late, until it is interrupted", async () => {
    await write(ONE, [
      [30, "before 1"],
      [20, "before 2"],
    ]);
    const abort = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const { text } of read({ follow: true, intervalMs: 20, pageSize: 2, signal: abort.signal }))
        seen.push(text);
    })();
    await until(() => seen.length === 2);
    const written = ["before 1", "before 2"];
    for (let n = 0; n < 10; n += 1) {
      // Of two lines, the second is older than what was shown already.
      const lines = [
        [0, `new ${n}`],
        [40, `late ${n}`],
      ] as const;
      await write(n % 2 ? ONE : OTHER, [lines[1]]);
      await write(n % 2 ? OTHER : ONE, [lines[0]]);
      written.push(lines[0][1], lines[1][1]);
    }
    await until(() => seen.length >= written.length);
    await new Promise((resolve) => setTimeout(resolve, 100));
    abort.abort(new Error("Interrupted."));
    await expect(following).rejects.toThrow("Interrupted.");
    expect(seen.toSorted()).toEqual(written.toSorted());
    // Does not read the whole hour again.
    expect(Date.now() - (askedForLines().at(-1)!.startTime as number)).toBeLessThan(120_000);
  });

  test("[logs.follow] does not read hours again where the filter lets nothing through", async () => {
    await write(ONE, [[1000, "line"]]);
    const abort = new AbortController();
    const following = read({ follow: true, intervalMs: 5, texts: ["nothing"], signal: abort.signal }).next();
    await until(() => askedForLines().length > 2);
    abort.abort(new Error("Interrupted."));
    await expect(following).rejects.toThrow("Interrupted.");
    expect(Date.now() - (askedForLines().at(-1)!.startTime as number)).toBeLessThan(400_000);
  });

  test("says where there is no log, and what AWS refuses", async () => {
    await expect(aws.reset().then(() => texts())).rejects.toThrow(
      "There is no log group /ecs/keycloak/test in eu-central-1: nothing is deployed there yet. Deploy it: npm run deploy -- test",
    );
    front.faults.FilterLogEvents = ["denied"];
    await expect(texts()).rejects.toThrow(/^AWS refuses logs:FilterLogEvents: /);
  });

  describe("the command", () => {
    const group = logGroupName("production");
    beforeEach(async () => {
      client = new CloudWatchLogsClient(clientOptions("us-east-1"));
      await makeGroup(group);
      await write(
        ONE,
        [
          [2, keycloakLine("WARN", "some\x1b[2Jthing")],
          [1, "\tat org.keycloak.Some"],
        ],
        group,
      );
    });
    afterAll(() => {
      client = new CloudWatchLogsClient(clientOptions(environment.aws.region));
    });

    test("[logs.follow] prints time, task and line, and ends with Ctrl-C", async () => {
      const { child, said, ended } = startScript("logs", ["production", "--follow"]);
      await until(() => said.stdout.split("\n").length > 2);
      await write(ONE, [[0, "later"]], group);
      await until(() => said.stdout.includes("later"));
      child.kill("SIGINT");
      expect(await ended).toMatchObject({ code: 0, stderr: "" });
      expect(said.stdout).toMatch(
        /^\d{4}-\d\d-\d\dT[\d:.]+Z 1f0c1f0c WARN {2}\[org\.keycloak\.events\] \(executor-thread-1\) some\\x1b\[2Jthing\n[^ ]+ 1f0c1f0c \tat org\.keycloak\.Some\n[^ ]+ 1f0c1f0c later\n$/,
      );
    });

    test("ends quietly where whoever reads has had enough", async () => {
      for (let n = 0; n < 20; n += 1)
        await write(
          OTHER,
          Array.from({ length: 500 }, () => [1, "x".repeat(1000)] as const),
          group,
        );
      const script = `"$0" ${scriptParameters("logs", ["production", "--json"]).join(" ")} | head -n 1`;
      const outcome = await new Promise<{ stdout: string; stderr: string }>((resolve) =>
        execFile(
          "bash",
          ["-c", `set -o pipefail; ${script}; echo "$?" >&2`, process.execPath],
          { env: process.env },
          (_, stdout, stderr) => resolve({ stdout, stderr }),
        ),
      );
      expect(outcome.stderr).toBe("0\n");
      expect(JSON.parse(outcome.stdout)).toMatchObject({
        task: ONE,
        level: "WARN",
        text: expect.stringContaining("some"),
      });
    });

    test("refuses what it cannot read, and says where no line is", async () => {
      const run = async (...parameters: string[]) => (await runScript("logs", ["production", ...parameters])).stderr;
      const [since, task, none] = await Promise.all([
        run("--since", "soon"),
        run("--task", "x"),
        run("--task", "beef", "--since", "2h"),
      ]);
      expect(since).toContain('Allowed: a whole number and a unit, such as "90s"');
      expect(task).toContain("Allowed: 4 to 32 hexadecimal digits");
      expect(none).toBe("No such line in the last 2h.\n");
    });
  });
});
