import { changed, dropped, same, sameAs, section, Text, type Row } from "../support/row.ts";
import { ONE_NAME, TAGGED } from "./reasons.ts";

const LOGS = "article, Key Logs to Monitor";
const TOPIC = ["${aws_sns_topic.monitoring/topic.arn}"];
const COUNTED = "counted by a metric filter, whose patterns are no regular expressions, and an alarm watches the count";
const TELLS = "says for how long, and where to look first";

/** Logs and alarms. */
export const MONITORING: readonly Row[] = [
  ...section(
    "modules/keycloak/main.tf, aws_cloudwatch_log_group.app",
    "aws_cloudwatch_log_group log-group",
    [
      changed(
        "name",
        "/aws/ecs/cluster/module.label.id",
        "/ecs/keycloak/repository",
        "the article's name, and the environment",
      ),
      same("retention_in_days", 5),
      dropped("tags", "module.label.tags", TAGGED),
    ],
    "repository",
  ),
  ...section("article, CloudWatch Logs: aws_cloudwatch_log_group.keycloak", "aws_cloudwatch_log_group log-group", [
    changed("name", "/ecs/keycloak", "/ecs/keycloak/production", "and the environment: two fit in one account"),
    same("retention_in_days", 30),
  ]),
  ...section(LOGS, "aws_cloudwatch_log_metric_filter", [
    changed(
      "Authentication failures",
      "WARN.*org.keycloak.events",
      new Text("[org.keycloak.events]"),
      COUNTED,
      "aws_cloudwatch_log_metric_filter monitoring/count-login-failures: pattern",
    ),
    changed(
      "Database errors",
      "ERROR.*Hibernate",
      new Text("PSQLException"),
      COUNTED,
      "aws_cloudwatch_log_metric_filter monitoring/count-database-errors: pattern",
    ),
    changed(
      "Clustering issues",
      "WARN.*JGroups or JDBC_PING",
      new Text("ISPN000093"),
      COUNTED,
      "aws_cloudwatch_log_metric_filter monitoring/count-cluster-splits: pattern",
    ),
  ]),
  ...cpuAlarm("ecs_cpu_high", "service-cpu-high", {
    alarm_name: "keycloak-cpu-high",
    namespace: "AWS/ECS",
    alarm_description: ["ECS CPU utilization is too high", "Keycloak's tasks use over 80 % of their CPU"],
    dimensions: [
      ["ClusterName", "aws_ecs_cluster.main.name", "${aws_ecs_cluster.service/cluster.name}"],
      ["ServiceName", "aws_ecs_service.keycloak.name", "${aws_ecs_service.service.name}"],
    ],
  }),
  ...cpuAlarm("aurora_cpu_high", "db-cpu-high", {
    alarm_name: "keycloak-db-cpu-high",
    namespace: "AWS/RDS",
    alarm_description: ["Aurora CPU utilization is too high", "The database uses over 80 % of its CPU"],
    dimensions: [
      [
        "DBClusterIdentifier",
        "module.aurora_postgresql.cluster_id",
        "${aws_rds_cluster.database/cluster.cluster_identifier}",
      ],
    ],
  }),
];

function cpuAlarm(
  theirs: string,
  ours: string,
  alarm: {
    readonly alarm_name: string;
    readonly namespace: string;
    /** Theirs, and what is in ours. */
    readonly alarm_description: readonly [string, string];
    /** Name, theirs, ours. */
    readonly dimensions: readonly (readonly [string, string, string])[];
  },
): Row[] {
  const [description, part] = alarm.alarm_description;
  return section(
    `article, Recommended Alarms: aws_cloudwatch_metric_alarm.${theirs}`,
    `aws_cloudwatch_metric_alarm monitoring/alarm-${ours}`,
    [
      changed("alarm_name", alarm.alarm_name, `keycloak-production-${ours}`, ONE_NAME),
      same("comparison_operator", "GreaterThanThreshold"),
      sameAs("evaluation_periods", "2", 2),
      same("metric_name", "CPUUtilization"),
      same("namespace", alarm.namespace),
      sameAs("period", "300", 300),
      same("statistic", "Average"),
      sameAs("threshold", "80", 80),
      changed("alarm_description", description, new Text(part), TELLS),
      sameAs("alarm_actions", ["aws_sns_topic.alerts.arn"], TOPIC),
      ...alarm.dimensions.map(([name, value, expected]) => sameAs(`dimensions.${name}`, value, expected)),
    ],
  );
}
