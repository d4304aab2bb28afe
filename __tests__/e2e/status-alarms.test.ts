import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { CloudWatchClient, DeleteAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { ListSubscriptionsByTopicCommand, SNSClient, SubscribeCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import type { EnvironmentOnAws } from "../../environments/schema/on-aws.ts";
import { lookAtAlarms } from "../../scripts/lib/status/alarms.ts";
import { StatusContext } from "../../scripts/lib/status/context.ts";
import { environmentOnAws } from "../support/environment.ts";
import { startAwsFront, type AwsFront } from "./support/aws-front.ts";
import { makeAlarms } from "./support/deployed.ts";
import { describeOnAws, startMoto, type EmulatedAws } from "./support/moto.ts";

const MAIL = "ops@example.com";
const ENVIRONMENT = environmentOnAws({ monitoring: { alarmEmail: MAIL } });
const TOPIC = "arn:aws:sns:eu-central-1:123456789012:keycloak-test-alarms";
const before = { ...process.env };

let aws: EmulatedAws;
let front: AwsFront;

/** What the look-up finds, a line each. */
async function lines(environment: EnvironmentOnAws = ENVIRONMENT): Promise<string[]> {
  const found = await lookAtAlarms(new StatusContext(environment, new AbortController().signal));
  return found.map(({ name, status, detail }) => `${status} ${name}: ${detail}`);
}

/** Lets CloudWatch tell something else of some alarms, by the ends of their names; times are minutes ago. */
function alarmsAre(changes: Record<string, { state?: string; since?: number; made?: number; silent?: boolean }>): void {
  const minutesAgo = (minutes: number) => Date.now() / 1000 - minutes * 60;
  front.says.DescribeAlarms = ({ MetricAlarms, ...answer }) => ({
    ...answer,
    MetricAlarms: (MetricAlarms as { AlarmName: string; StateValue: string }[]).map((alarm) => {
      const {
        state,
        since = 5000,
        made = 9000,
        silent,
      } = changes[alarm.AlarmName.slice("keycloak-test-".length)] ?? {};
      return {
        ...alarm,
        StateValue: state ?? alarm.StateValue,
        StateTransitionedTimestamp: minutesAgo(since),
        AlarmConfigurationUpdatedTimestamp: minutesAgo(made),
        ActionsEnabled: !silent,
      };
    }),
  });
}

const sns = () => new SNSClient(aws.client("eu-central-1"));
const subscribe = (Protocol: string, Endpoint: string) =>
  sns().send(new SubscribeCommand({ TopicArn: TOPIC, Protocol, Endpoint }));
async function unsubscribeAll(): Promise<void> {
  const { Subscriptions = [] } = await sns().send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC }));
  for (const { SubscriptionArn } of Subscriptions) await sns().send(new UnsubscribeCommand({ SubscriptionArn }));
}

describeOnAws("npm run status: the alarms", () => {
  beforeAll(async () => {
    aws = await startMoto();
    front = await startAwsFront(aws.variables.AWS_ENDPOINT_URL!);
    Object.assign(process.env, aws.variables, { AWS_ENDPOINT_URL: front.url });
    await makeAlarms(ENVIRONMENT);
    // Of another environment, whose name begins with this one's.
    await makeAlarms({ ...ENVIRONMENT, name: "test-more" });
  });
  afterAll(async () => {
    process.env = before;
    await front.stop();
    await aws.stop();
  });
  afterEach(() => {
    delete front.says.DescribeAlarms;
    delete front.writes.ListSubscriptionsByTopic;
  });

  test("[status.alarms] all are quiet, and somebody is told", async () => {
    expect(await lines()).toEqual(["ok alarms: none of 13 is in alarm", `ok told: ${MAIL}`]);
  });

  test("[status.alarms] which are in alarm, since when, and what they mean", async () => {
    alarmsAre({ "cluster-split": { state: "ALARM", since: 4 }, "db-cpu-high": { state: "ALARM", since: 300 } });
    expect(await lines()).toEqual([
      expect.stringMatching(
        /^fail db-cpu-high: in alarm since .* UTC \(5 h ago\): What keycloak-test-db-cpu-high means\.$/,
      ),
      expect.stringMatching(/^fail cluster-split: in alarm since .* UTC \(4 min ago\): What /),
      `ok told: ${MAIL}`,
    ]);
  });

  test("[status.alarms] which were in alarm within a day, and not those that only got their first data", async () => {
    alarmsAre({
      "cluster-split": { since: 20 },
      "db-cpu-high": { since: 1500 },
      "errors-5xx": { since: 20, made: 25 },
      "login-failures": { state: "INSUFFICIENT_DATA", since: 20 },
    });
    expect(await lines()).toEqual([
      "ok alarms: none of 13 is in alarm, 1 without data yet",
      "warn cluster-split: was in alarm, which ended 20 min ago: What keycloak-test-cluster-split means.",
      `ok told: ${MAIL}`,
    ]);
  });

  test("[status.alarms] which have been silenced, and how to undo it", async () => {
    alarmsAre({ "tasks-missing": { silent: true } });
    expect(await lines()).toContain(
      "warn silenced: these tell nobody: " +
        "aws cloudwatch enable-alarm-actions --region eu-central-1 --alarm-names keycloak-test-tasks-missing",
    );
  });

  test("[status.alarms] which are missing; that there are none", async () => {
    const cloudWatch = new CloudWatchClient(aws.client("eu-central-1"));
    await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: ["keycloak-test-cluster-split"] }));
    try {
      expect(await lines()).toEqual([
        "ok alarms: none of 12 is in alarm",
        "warn missing: keycloak-test-cluster-split: npx cdktf diff test-keycloak",
        `ok told: ${MAIL}`,
      ]);
    } finally {
      await makeAlarms({ ...ENVIRONMENT, aws: { ...ENVIRONMENT.aws, monitoring: { logRetentionDays: 30 } } });
    }
    await expect(lines({ ...ENVIRONMENT, name: "nowhere" })).rejects.toThrow(
      'there are no alarms "keycloak-nowhere-…" in eu-central-1: npm run deploy -- nowhere',
    );
  });

  test("[status.alarms] what the alarms say, also to who may not see the subscriptions", async () => {
    front.faults.ListSubscriptionsByTopic = ["denied"];
    expect(await lines()).toEqual([
      "ok alarms: none of 13 is in alarm",
      expect.stringMatching(/^warn told: not known: AWS refuses sns:ListSubscriptionsByTopic: /),
    ]);
  });

  test("[status.alarms] who is not told: nobody subscribed, or confirmed, or the topic is gone", async () => {
    const nobody = environmentOnAws();
    const told = async (environment?: EnvironmentOnAws) => (await lines(environment)).at(-1);
    front.writes.ListSubscriptionsByTopic = (xml) =>
      xml.replace(/<SubscriptionArn>[^<]+/, "<SubscriptionArn>PendingConfirmation");
    expect(await told()).toBe(
      `warn told: ${MAIL} not yet: must confirm by the link in the mail from AWS, within two days`,
    );
    delete front.writes.ListSubscriptionsByTopic;

    await unsubscribeAll();
    expect(await told()).toBe(
      `warn told: ${MAIL} not: the subscription was not confirmed in time, or removed: npm run deploy -- test, then confirm`,
    );
    expect(await told(nobody)).toBe(
      "warn told: nobody: set aws.monitoring.alarmEmail in environments/test.ts, or subscribe to keycloak-test-alarms",
    );
    // The address of a pager may have its key in it.
    await subscribe("https", "https://pager.example.com/planted-key");
    await subscribe("email-json", "bot@example.com");
    expect(await told(nobody)).toBe("ok told: https, bot@example.com");

    const gone = { ...nobody, name: "gone" };
    await makeAlarms(gone);
    front.says.DescribeAlarms = (answer) =>
      JSON.parse(JSON.stringify(answer).replaceAll("gone-alarms", "went-alarms")) as typeof answer;
    expect(await told(gone)).toBe(
      "warn told: nobody: the alarms have no topic keycloak-gone-alarms: npx cdktf diff gone-keycloak",
    );
  });
});
