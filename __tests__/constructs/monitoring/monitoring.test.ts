import { describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { alarmNames, alarms, type Watched } from "../../../constructs/monitoring/alarms.ts";
import { Monitoring, type MonitoringProps } from "../../../constructs/monitoring/index.ts";
import { LOG_FILTERS } from "../../../constructs/monitoring/log-filters.ts";
import { synthConstruct } from "../../support/template.ts";

const WATCHED: Omit<Watched, "logNamespace"> = {
  clusterName: "cluster",
  serviceName: "service",
  databaseCluster: "database",
  databaseInstances: ["database-1", "database-2"],
  maxCapacity: 4,
  loadBalancer: "app/keycloak/0123456789abcdef",
  targetGroup: "targetgroup/keycloak/0123456789abcdef",
};
const ALARMS = alarms({ ...WATCHED, logNamespace: "Keycloak/keycloak-test" });
const TOPIC = "${aws_sns_topic.monitoring_topic.arn}";

const monitoring = (changes: Partial<MonitoringProps> = {}) =>
  synthConstruct((scope) => {
    const { alarmTopicArn, dashboardName } = new Monitoring(scope, "monitoring", {
      name: "keycloak-test",
      region: "eu-central-1",
      accountId: "111122223333",
      kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/1",
      logGroupName: "/ecs/keycloak/test",
      watched: WATCHED,
      ...changes,
    });
    new TerraformOutput(scope, "topic", { value: alarmTopicArn });
    new TerraformOutput(scope, "dashboard", { value: dashboardName });
  });

const template = monitoring();
const made = template.byId("aws_cloudwatch_metric_alarm");

test("the alarms are called as whoever asks for them says", () => {
  const named = (of: typeof made) => Object.values(of).map(({ alarm_name }) => alarm_name as string);
  expect(named(made).toSorted()).toEqual(alarmNames("keycloak-test", { instances: 2, isServerless: true }).toSorted());
  const { maxCapacity: _, ...provisioned } = { ...WATCHED, databaseInstances: ["database-1"] };
  const others = monitoring({ watched: provisioned }).byId("aws_cloudwatch_metric_alarm");
  expect(named(others).toSorted()).toEqual(
    alarmNames("keycloak-test", { instances: 1, isServerless: false }).toSorted(),
  );
});

describe("the topic that alarms go to", () => {
  test("is encrypted, and takes messages from the account's alarms only", () => {
    expect(template.resource("aws_sns_topic")).toEqual({
      name: "keycloak-test-alarms",
      kms_master_key_id: "arn:aws:kms:eu-central-1:111122223333:key/1",
    });
    expect(template.statements("monitoring_topic-policy-document")).toEqual([
      {
        sid: "AlarmsOfTheAccountPublish",
        principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }],
        actions: ["sns:Publish"],
        resources: [TOPIC],
        condition: [{ test: "StringEquals", variable: "aws:SourceAccount", values: ["111122223333"] }],
      },
    ]);
    expect(template.byId("aws_sns_topic_policy")["monitoring_topic-policy"]).toEqual({
      arn: TOPIC,
      policy: "${data.aws_iam_policy_document.monitoring_topic-policy-document.json}",
    });
  });

  test("is mailed to whom the environment names", () => {
    const mailed = monitoring({ alarmEmail: "ops@example.com" });
    expect(mailed.byId("aws_sns_topic_subscription")["monitoring_e-mail"]).toEqual({
      topic_arn: TOPIC,
      protocol: "email",
      endpoint: "ops@example.com",
    });
  });

  test("is there to subscribe to where nobody is named", () => {
    expect(template.resources("aws_sns_topic_subscription")).toEqual([]);
    expect(template.outputs().topic).toBe(TOPIC);
  });
});

describe("the alarms", () => {
  test("are all made, by their names", () => {
    expect(Object.keys(made).sort()).toEqual(ALARMS.map(({ name }) => `monitoring_alarm-${name}`).sort());
    for (const { name, description } of ALARMS)
      expect(made[`monitoring_alarm-${name}`]).toMatchObject({
        alarm_name: `keycloak-test-${name}`,
        alarm_description: description,
      });
  });

  test.each(ALARMS)("$name goes off at its threshold, and says when it is over", ({ name, ...alarm }) => {
    expect(made[`monitoring_alarm-${name}`]).toMatchObject({
      threshold: alarm.threshold,
      evaluation_periods: alarm.periods,
      comparison_operator: alarm.comparison ?? "GreaterThanThreshold",
      treat_missing_data: "notBreaching", // a stopped service has no data, and is no emergency
      alarm_actions: [TOPIC],
      ok_actions: [TOPIC],
    });
  });

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  test.each(ALARMS)("$name names its metric in the one way that CloudWatch takes", ({ name }) => {
    const alarm = made[`monitoring_alarm-${name}`]!;
    const ways = [alarm.statistic, alarm.extended_statistic, alarm.metric_query].filter((way) => way !== undefined);
    expect(ways).toHaveLength(1);
    expect([alarm.metric_name, alarm.namespace, alarm.period].includes(undefined)).toBe(
      alarm.metric_query !== undefined,
    );
    if (alarm.extended_statistic !== undefined) expect(alarm.extended_statistic).toMatch(/^p\d/);
  });

  test("know the environment's resources by their dimensions", () => {
    expect(made["monitoring_alarm-response-time-p99"]).toMatchObject({
      namespace: "AWS/ApplicationELB",
      metric_name: "TargetResponseTime",
      extended_statistic: "p99",
      dimensions: { LoadBalancer: WATCHED.loadBalancer, TargetGroup: WATCHED.targetGroup },
    });
    expect(made["monitoring_alarm-service-cpu-high"]).toMatchObject({
      namespace: "AWS/ECS",
      statistic: "Average",
      dimensions: { ClusterName: "cluster", ServiceName: "service" },
    });
  });
});

describe("what is counted in the log", () => {
  const filters = template.byId("aws_cloudwatch_log_metric_filter");

  test.each(LOG_FILTERS)("$id: in Keycloak's log, as 0 where there is none", ({ id, metric, pattern }) => {
    expect(filters[`monitoring_count-${id}`]).toEqual({
      name: `keycloak-test-${id}`,
      log_group_name: "/ecs/keycloak/test",
      pattern,
      metric_transformation: {
        namespace: "Keycloak/keycloak-test",
        name: metric,
        value: "1",
        default_value: "0",
      },
    });
  });

  test("is what alarms look at: a metric of the log that no filter counts would never go off", () => {
    const counted = Object.values(filters).map(
      (filter) => filter.metric_transformation as { namespace: string; name: string },
    );
    const watched = Object.values(made).filter(({ namespace }) => String(namespace).startsWith("Keycloak/"));
    expect(watched.map(({ namespace, metric_name: name }) => ({ namespace, name }))).toEqual(
      expect.arrayContaining(counted.map(({ namespace, name }) => ({ namespace, name }))),
    );
    expect(watched).toHaveLength(counted.length);
  });
});

test("the dashboard has the name that is put out, and shows every alarm of the environment", () => {
  const { dashboard_name: name, dashboard_body: body } =
    template.byId("aws_cloudwatch_dashboard").monitoring_dashboard!;
  expect(name).toBe("keycloak-test");
  expect(template.outputs().dashboard).toBe("${aws_cloudwatch_dashboard.monitoring_dashboard.dashboard_name}");
  const { widgets } = JSON.parse(String(body)) as { widgets: { properties: { alarms?: string[] } }[] };
  expect(widgets[0]!.properties.alarms).toEqual(
    ALARMS.map((alarm) => `\${aws_cloudwatch_metric_alarm.monitoring_alarm-${alarm.name}.arn}`),
  );
  expect(widgets).toHaveLength(1 + ALARMS.length);
});
