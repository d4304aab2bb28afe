import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { alarmNames } from "../../../constructs/monitoring/alarms.ts";
import { namePrefix } from "../../../constructs/names.ts";
import { askAws, clientOptions } from "../aws/ask.ts";
import { ago, DAY, momentAgo } from "../terminal/time.ts";
import type { StatusContext } from "./context.ts";
import { NotThere, type Finding } from "./row.ts";
import { whoIsTold } from "./subscribers.ts";

/** Milliseconds after it was made or changed in which an alarm may wait for its first data. */
const FIRST_DATA = 30 * 60_000;

/** Which alarms have gone off, now or within a day, and whether anybody is told. */
export async function lookAtAlarms(context: StatusContext): Promise<Finding[]> {
  const { name, aws } = context.environment;
  const names = alarmNames(namePrefix(name), {
    instances: aws.database.instances,
    isServerless: Boolean(aws.database.serverless),
  });
  const alarms = await describeAlarms(context, names);
  if (alarms.length === 0)
    throw new NotThere(`there are no alarms "${namePrefix(name)}-…" in ${aws.region}: npm run deploy -- ${name}`);
  return [
    ...overview(alarms),
    ...alarms.flatMap((alarm) => wentOff(context, alarm)),
    ...missing(context, names, alarms),
    ...silent(context, alarms),
    await whoIsTold(context, alarms),
  ];
}

/** Those that are there, in the order of their names here. */
async function describeAlarms({ environment, signal }: StatusContext, names: string[]): Promise<MetricAlarm[]> {
  const client = new CloudWatchClient(clientOptions(environment.aws.region));
  const answer = await askAws("cloudwatch:DescribeAlarms", signal, () =>
    client.send(new DescribeAlarmsCommand({ AlarmNames: names, MaxRecords: 100 }), { abortSignal: signal }),
  );
  const found = answer.MetricAlarms ?? [];
  return names.flatMap((name) => found.filter(({ AlarmName }) => AlarmName === name));
}

function overview(alarms: readonly MetricAlarm[]): Finding[] {
  const count = (state: string) => alarms.filter(({ StateValue }) => StateValue === state).length;
  if (count("ALARM") > 0) return []; // their rows say it
  const waiting = count("INSUFFICIENT_DATA");
  const detail = `none of ${alarms.length} is in alarm${waiting > 0 ? `, ${waiting} without data yet` : ""}`;
  return [{ name: "alarms", status: "ok", detail, facts: { alarms: alarms.length, waiting } }];
}

/**
 * One that is in alarm, or was. Missing data is no trouble to these alarms, so that one waits for data once only, after it
 * was made or changed: a later way to OK came from an alarm.
 */
function wentOff({ environment }: StatusContext, alarm: MetricAlarm): Finding[] {
  const { AlarmName = "", AlarmDescription = "", StateValue, AlarmConfigurationUpdatedTimestamp: changed } = alarm;
  const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
  const about = {
    name: AlarmName.slice(namePrefix(environment.name).length + 1),
    facts: { alarm: AlarmName, state: StateValue, since: since?.toISOString() },
  };
  if (StateValue === "ALARM")
    return [{ ...about, status: "fail", detail: `in alarm since ${momentAgo(since)}: ${AlarmDescription}` }];
  const isNew = !since || (changed && since.getTime() - changed.getTime() < FIRST_DATA);
  if (StateValue !== "OK" || isNew || Date.now() - since.getTime() > DAY) return [];
  return [{ ...about, status: "warn", detail: `was in alarm, which ended ${ago(since)}: ${AlarmDescription}` }];
}

function missing({ environment: { name } }: StatusContext, names: string[], alarms: MetricAlarm[]): Finding[] {
  const gone = names.filter((each) => !alarms.some(({ AlarmName }) => AlarmName === each)).join(", ");
  if (!gone) return [];
  return [
    { name: "missing", status: "warn", detail: `${gone}: npx cdktf diff ${name}-keycloak`, facts: { missing: gone } },
  ];
}

function silent({ environment: { aws } }: StatusContext, alarms: readonly MetricAlarm[]): Finding[] {
  const names = alarms.flatMap(({ ActionsEnabled, AlarmName }) => (ActionsEnabled ? [] : [AlarmName]));
  if (names.length === 0) return [];
  const mend = `aws cloudwatch enable-alarm-actions --region ${aws.region} --alarm-names ${names.join(" ")}`;
  return [
    { name: "silenced", status: "warn", detail: `these tell nobody: ${mend}`, facts: { silent: names.join(" ") } },
  ];
}
