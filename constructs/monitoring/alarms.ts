import type { CloudwatchMetricAlarmMetricQuery } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";

/** What the alarms watch. */
export interface Watched {
  readonly clusterName: string;
  readonly serviceName: string;
  readonly databaseCluster: string;
  readonly databaseInstances: readonly string[];
  /** ACU that a serverless instance grows to. @default - the instances are provisioned */
  readonly maxCapacity?: number;
  readonly loadBalancer: string;
  readonly targetGroup: string;
  /** Namespace of the metrics that are counted from the log. */
  readonly logNamespace: string;
}

/** One alarm: what is measured, from when on it is bad, and what a person does then. */
export interface Alarm {
  /** Kebab-case; a construct id and a part of the alarm's name, so it stays. */
  readonly name: string;
  /** What has happened, and where to look first. */
  readonly description: string;
  readonly metric: SingleMetric | MetricMath;
  readonly threshold: number;
  /** @default "GreaterThanThreshold" */
  readonly comparison?: "GreaterThanThreshold" | "GreaterThanOrEqualToThreshold" | "LessThanThreshold";
  /** Periods in a row that must be bad. */
  readonly periods: number;
}

/** A metric of CloudWatch. */
export interface SingleMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  /** `Average`, `Sum`, ..., or a percentile such as `p99`. */
  readonly statistic: string;
  /** Seconds. */
  readonly period: number;
}

/** An expression over metrics, by id. */
export interface MetricMath {
  readonly expression: string;
  readonly label: string;
  readonly metrics: Readonly<Record<string, SingleMetric>>;
}

const MINUTE = 60;

/** The alarms of an environment, in the order in which a dashboard shows them. */
export function alarms(watched: Watched): Alarm[] {
  return [...serviceAlarms(watched), ...loadBalancerAlarms(watched), ...databaseAlarms(watched), ...logAlarms(watched)];
}

/** Name of an alarm in CloudWatch. @param prefix of an environment's names */
export function alarmName(prefix: string, { name }: Pick<Alarm, "name">): string {
  return `${prefix}-${name}`;
}

/** Names of all alarms of an environment in CloudWatch: they depend on the shape of the database only. */
export function alarmNames(prefix: string, database: { instances: number; isServerless: boolean }): string[] {
  const watched: Watched = {
    clusterName: "",
    serviceName: "",
    databaseCluster: "",
    databaseInstances: Array.from({ length: database.instances }, () => ""),
    ...(database.isServerless && { maxCapacity: 0 }),
    loadBalancer: "",
    targetGroup: "",
    logNamespace: "",
  };
  return alarms(watched).map((alarm) => alarmName(prefix, alarm));
}

function serviceAlarms({ clusterName, serviceName }: Watched): Alarm[] {
  const dimensions = { ClusterName: clusterName, ServiceName: serviceName };
  const ecs = (name: string, period = 5 * MINUTE): SingleMetric => ({
    namespace: "AWS/ECS",
    name,
    dimensions,
    statistic: "Average",
    period,
  });
  const insights = (name: string): SingleMetric => ({ ...ecs(name, MINUTE), namespace: "ECS/ContainerInsights" });
  return [
    {
      name: "service-cpu-high",
      description:
        "Keycloak's tasks use over 80 % of their CPU for 10 minutes: autoscaling is at maxCount, or too slow.",
      metric: ecs("CPUUtilization"),
      threshold: 80,
      periods: 2,
    },
    {
      name: "service-memory-high",
      description: "Keycloak's tasks use over 90 % of their memory for 10 minutes: give service.memory the next size.",
      metric: ecs("MemoryUtilization"),
      threshold: 90,
      periods: 2,
    },
    {
      name: "tasks-missing",
      description:
        "Fewer tasks run than are wanted, for 15 minutes: see the service's events and the last task's reason.",
      metric: {
        expression: "desired - running",
        label: "tasks missing",
        metrics: { desired: insights("DesiredTaskCount"), running: insights("RunningTaskCount") },
      },
      threshold: 0,
      periods: 15,
    },
  ];
}

function loadBalancerAlarms({ loadBalancer, targetGroup }: Watched): Alarm[] {
  const alb = (name: string, statistic: string, more: Record<string, string> = {}): SingleMetric => ({
    namespace: "AWS/ApplicationELB",
    name,
    dimensions: { LoadBalancer: loadBalancer, ...more },
    statistic,
    period: MINUTE,
  });
  const TargetGroup = targetGroup;
  return [
    {
      name: "targets-unhealthy",
      description: "The load balancer's check of /auth/realms/master fails on a task for 5 minutes: see its log.",
      metric: alb("UnHealthyHostCount", "Maximum", { TargetGroup }),
      threshold: 0,
      periods: 5,
    },
    {
      name: "errors-5xx",
      description:
        "Over 5 % of the requests end in an error of the server, for 5 minutes: see Keycloak's log and database.",
      metric: {
        // Few requests make a high share of one error: below 20 a minute, none of it counts.
        expression: "IF(requests >= 20, 100 * (FILL(target, 0) + FILL(balancer, 0)) / requests, 0)",
        label: "5xx, % of requests",
        metrics: {
          requests: alb("RequestCount", "Sum"),
          target: alb("HTTPCode_Target_5XX_Count", "Sum"),
          balancer: alb("HTTPCode_ELB_5XX_Count", "Sum"),
        },
      },
      threshold: 5,
      periods: 5,
    },
    {
      name: "response-time-p99",
      description:
        "One request in a hundred takes over 3 seconds, for 10 minutes: see CPU, and the database's capacity.",
      metric: alb("TargetResponseTime", "p99", { TargetGroup }),
      threshold: 3,
      periods: 10,
    },
  ];
}

function databaseAlarms({ databaseCluster, databaseInstances, maxCapacity }: Watched): Alarm[] {
  const rds = (name: string, dimensions: Record<string, string>, statistic = "Average"): SingleMetric => ({
    namespace: "AWS/RDS",
    name,
    dimensions,
    statistic,
    period: 5 * MINUTE,
  });
  const cluster = { DBClusterIdentifier: databaseCluster };
  return [
    {
      name: "db-cpu-high",
      description:
        "The database uses over 80 % of its CPU for 10 minutes: see Performance Insights for the statements.",
      metric: rds("CPUUtilization", cluster),
      threshold: 80,
      periods: 2,
    },
    ...(maxCapacity === undefined
      ? []
      : [
          {
            name: "db-capacity-at-maximum",
            description: `The database has been at its ${maxCapacity} ACU for 15 minutes: raise database.maxCapacity.`,
            metric: rds("ServerlessDatabaseCapacity", cluster, "Maximum"),
            threshold: maxCapacity,
            comparison: "GreaterThanOrEqualToThreshold" as const,
            periods: 3,
          },
        ]),
    ...databaseInstances.map((DBInstanceIdentifier, index) => ({
      name: `db-${index + 1}-local-storage-low`,
      description: "The instance has under 2 GB left for sorting and temporary files: see which statements spill.",
      metric: rds("FreeLocalStorage", { DBInstanceIdentifier }, "Minimum"),
      threshold: 2_000_000_000,
      comparison: "LessThanThreshold" as const,
      periods: 2,
    })),
  ];
}

function logAlarms({ logNamespace }: Watched): Alarm[] {
  const count = (name: string, period: number): SingleMetric => ({
    namespace: logNamespace,
    name,
    statistic: "Sum",
    period,
  });
  return [
    {
      name: "login-failures",
      description:
        "Over 50 logins failed within 5 minutes: somebody guesses passwords, or an identity provider is away.",
      metric: count("LoginFailures", 5 * MINUTE),
      threshold: 50,
      periods: 1,
    },
    {
      name: "database-errors",
      description:
        "Keycloak has had errors of the database in 3 minutes in a row: see the database's state and events.",
      metric: count("DatabaseErrors", MINUTE),
      threshold: 0,
      periods: 3,
    },
    {
      name: "cluster-split",
      description:
        "Keycloak's nodes have lost sight of each other, or one has crashed: see stopped tasks, ports 7800 and 57800, and " +
        "two versions at once.",
      metric: count("ClusterSplits", 5 * MINUTE),
      threshold: 0,
      periods: 1,
    },
  ];
}

/** The queries of an alarm on an expression, as CloudWatch takes them. */
export function metricQueries({ expression, label, metrics }: MetricMath): CloudwatchMetricAlarmMetricQuery[] {
  return [
    { id: "result", expression, label, returnData: true },
    ...Object.entries(metrics).map(([id, { namespace, name, dimensions, statistic, period }]) => ({
      id,
      metric: { namespace, metricName: name, dimensions: { ...dimensions }, stat: statistic, period },
    })),
  ];
}
