import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { ListSubscriptionsByTopicCommand, SNSClient, type Subscription } from "@aws-sdk/client-sns";
import { alarmTopicName, namePrefix } from "../../../constructs/names.ts";
import { askAws, clientOptions, undefinedOn } from "../aws/ask.ts";
import { messageOf } from "../errors.ts";
import type { StatusContext } from "./context.ts";
import type { Finding } from "./row.ts";

/** Who is told of alarms. An address of HTTPS may hold a secret, so that only those of mails are shown. */
export async function whoIsTold(context: StatusContext, alarms: readonly MetricAlarm[]): Promise<Finding> {
  const { name, aws } = context.environment;
  const { alarmEmail } = aws.monitoring;
  const topic = alarmTopicName(namePrefix(name));
  const arn = alarms.flatMap(({ AlarmActions = [] }) => AlarmActions).find((action) => action.endsWith(`:${topic}`));
  const warning = (detail: string): Finding => ({ name: "told", status: "warn", detail });
  let subscriptions: Subscription[] | undefined;
  try {
    subscriptions = arn ? await subscribers(context, arn) : undefined;
  } catch (error) {
    context.signal.throwIfAborted();
    return warning(`not known: ${messageOf(error)}`); // what the alarms say is worth having all the same
  }
  if (!subscriptions) return warning(`nobody: the alarms have no topic ${topic}: npx cdktf diff ${name}-keycloak`);
  const pending = subscriptions.filter(({ SubscriptionArn }) => SubscriptionArn === "PendingConfirmation");
  if (pending.length > 0)
    return warning(
      `${pending.map(shown).join(", ")} not yet: must confirm by the link in the mail from AWS, within two days`,
    );
  if (alarmEmail && !subscriptions.some(({ Endpoint }) => Endpoint === alarmEmail))
    return warning(
      `${alarmEmail} not: the subscription was not confirmed in time, or removed: npm run deploy -- ${name}, then confirm`,
    );
  if (subscriptions.length === 0)
    return warning(`nobody: set aws.monitoring.alarmEmail in environments/${name}.ts, or subscribe to ${topic}`);
  return {
    name: "told",
    status: "ok",
    detail: subscriptions.map(shown).join(", "),
    facts: { subscriptions: subscriptions.length },
  };
}

/** Undefined where there is no such topic; a topic may have very many, of which the first hundred do. */
async function subscribers({ environment, signal }: StatusContext, arn: string): Promise<Subscription[] | undefined> {
  const client = new SNSClient(clientOptions(environment.aws.region));
  const answer = await askAws(
    "sns:ListSubscriptionsByTopic",
    signal,
    undefinedOn(["NotFoundException"], () =>
      client.send(new ListSubscriptionsByTopicCommand({ TopicArn: arn }), { abortSignal: signal }),
    ),
  );
  return answer && (answer.Subscriptions ?? []).filter(({ SubscriptionArn }) => SubscriptionArn !== "Deleted");
}

const shown = ({ Protocol = "", Endpoint = "" }: Subscription) => (Protocol.startsWith("email") ? Endpoint : Protocol);
