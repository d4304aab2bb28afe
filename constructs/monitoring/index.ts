import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import { alarmTopicName } from "../names.ts";
import { alarmName, alarms, metricQueries, type Alarm, type Watched } from "./alarms.ts";
import { dashboardBody } from "./dashboard.ts";
import { LOG_FILTERS } from "./log-filters.ts";

/** Props of {@link Monitoring}. */
export interface MonitoringProps {
  /** Prefix of alarms and topic, and name of the dashboard. */
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly kmsKeyArn: string;
  /** Keycloak's log group, in which failures are counted. */
  readonly logGroupName: string;
  /** Is mailed each alarm, after confirming the subscription. @default - nobody */
  readonly alarmEmail?: string;
  readonly watched: Omit<Watched, "logNamespace">;
}

/** Alarms, where they go, and a dashboard that shows why they went off. */
export class Monitoring extends Construct {
  readonly alarmTopicArn: string;
  readonly dashboardName: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: MonitoringProps,
  ) {
    super(scope, id);
    const logNamespace = `Keycloak/${props.name}`;
    const topic = this.topic();
    this.countInTheLog(logNamespace);
    const wanted = alarms({ ...props.watched, logNamespace });
    const made = wanted.map((alarm) => this.alarm(alarm, topic));
    const dashboard = new CloudwatchDashboard(this, "dashboard", {
      dashboardName: props.name,
      dashboardBody: dashboardBody(
        wanted,
        made.map((alarm) => alarm.arn),
        props.region,
      ),
    });
    this.alarmTopicArn = topic.arn;
    this.dashboardName = dashboard.dashboardName;
  }

  private topic(): SnsTopic {
    const { name, kmsKeyArn, accountId, alarmEmail } = this.props;
    const topic = new SnsTopic(this, "topic", { name: alarmTopicName(name), kmsMasterKeyId: kmsKeyArn });
    const policy = new DataAwsIamPolicyDocument(this, "topic-policy-document", {
      statement: [
        {
          sid: "AlarmsOfTheAccountPublish",
          principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }],
          actions: ["sns:Publish"],
          resources: [topic.arn],
          condition: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [accountId] }],
        },
      ],
    });
    new SnsTopicPolicy(this, "topic-policy", { arn: topic.arn, policy: policy.json });
    if (alarmEmail)
      new SnsTopicSubscription(this, "e-mail", { topicArn: topic.arn, protocol: "email", endpoint: alarmEmail });
    return topic;
  }

  private countInTheLog(namespace: string): void {
    for (const { id, metric, pattern } of LOG_FILTERS)
      new CloudwatchLogMetricFilter(this, `count-${id}`, {
        name: `${this.props.name}-${id}`,
        logGroupName: this.props.logGroupName,
        pattern,
        metricTransformation: { namespace, name: metric, value: "1", defaultValue: "0" },
      });
  }

  private alarm(alarm: Alarm, topic: SnsTopic): CloudwatchMetricAlarm {
    return new CloudwatchMetricAlarm(this, `alarm-${alarm.name}`, {
      alarmName: alarmName(this.props.name, alarm),
      alarmDescription: alarm.description,
      comparisonOperator: alarm.comparison ?? "GreaterThanThreshold",
      threshold: alarm.threshold,
      evaluationPeriods: alarm.periods,
      treatMissingData: "notBreaching",
      alarmActions: [topic.arn],
      okActions: [topic.arn],
      ...measured(alarm.metric),
    });
  }
}

function measured(metric: Alarm["metric"]) {
  if ("expression" in metric) return { metricQuery: metricQueries(metric) };
  const { namespace, name: metricName, dimensions, statistic, period } = metric;
  const isPercentile = /^p\d/.test(statistic);
  return {
    namespace,
    metricName,
    period,
    dimensions: dimensions && { ...dimensions },
    ...(isPercentile ? { extendedStatistic: statistic } : { statistic }),
  };
}
