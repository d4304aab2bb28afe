import { describe, expect, test } from "@jest/globals";
import { alarms, metricQueries, type SingleMetric, type Watched } from "../../../constructs/monitoring/alarms.ts";

const WATCHED: Watched = {
  clusterName: "cluster",
  serviceName: "service",
  databaseCluster: "database",
  databaseInstances: ["database-1", "database-2"],
  maxCapacity: 4,
  loadBalancer: "app/keycloak/0123456789abcdef",
  targetGroup: "targetgroup/keycloak/0123456789abcdef",
  logNamespace: "Keycloak/test",
};

/** The metrics of an alarm, with the expression over them left out. */
const metricsOf = ({ metric }: ReturnType<typeof alarms>[number]): SingleMetric[] =>
  "metrics" in metric ? Object.values(metric.metrics) : [metric];

const all = alarms(WATCHED);

describe.each(all.map((alarm) => [alarm.name, alarm] as const))("%s", (name, alarm) => {
  test("is called and described as CloudWatch takes it, and a person understands it", () => {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(alarm.description).toMatch(/^[A-Z].{20,1022}\.$/);
  });

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  test("has periods and statistics that CloudWatch takes", () => {
    for (const { period, statistic } of metricsOf(alarm)) {
      expect(period % 60).toBe(0);
      expect(period * alarm.periods).toBeLessThanOrEqual(86_400);
      expect(statistic).toMatch(/^(Average|Sum|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d+)?)$/);
    }
    expect(alarm.threshold).toBeGreaterThanOrEqual(0);
    expect(alarm.periods).toBeGreaterThanOrEqual(1);
  });

  test("looks at this environment only", () => {
    for (const { namespace, dimensions } of metricsOf(alarm))
      expect(namespace === WATCHED.logNamespace || Object.keys(dimensions ?? {}).length > 0).toBe(true);
  });
});

test("no two alarms have one name", () => {
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});

test("a provisioned database has no capacity to watch", () => {
  const { maxCapacity: _, ...provisioned } = WATCHED;
  const capacity = (watched: Watched) =>
    alarms(watched).filter((alarm) => metricsOf(alarm).some((metric) => metric.name === "ServerlessDatabaseCapacity"));
  expect(capacity(provisioned)).toEqual([]);
  expect(capacity(WATCHED)).toMatchObject([{ threshold: 4, comparison: "GreaterThanOrEqualToThreshold" }]);
});

test.each([1, 2, 15])("%d database instances have an alarm each", (count) => {
  const databaseInstances = Array.from({ length: count }, (_, index) => `database-${index + 1}`);
  const watched = alarms({ ...WATCHED, databaseInstances })
    .flatMap(metricsOf)
    .flatMap(({ dimensions }) => dimensions?.DBInstanceIdentifier ?? []);
  expect(watched).toEqual(databaseInstances);
});

describe("an alarm on an expression", () => {
  const expressions = all.flatMap(({ name, metric }) => ("metrics" in metric ? [[name, metric] as const] : []));

  test.each(expressions)("%s: the one result is of metrics that are asked for", (_, metric) => {
    const queries = metricQueries(metric);
    expect(queries.filter(({ returnData }) => returnData).map(({ id }) => id)).toEqual(["result"]);
    // The ids of the expression, in lower case; its functions are in capitals.
    const used = new Set(metric.expression.match(/\b[a-z]\w*\b/g));
    expect([...used].sort()).toEqual(queries.flatMap(({ id }) => (id === "result" ? [] : id)).sort());
  });

  test("is of metrics with their dimensions and periods", () => {
    const metric = { namespace: "N", name: "M", dimensions: { A: "a" }, statistic: "Sum", period: 60 };
    expect(metricQueries({ expression: "m * 2", label: "twice", metrics: { m: metric } })).toEqual([
      { id: "result", expression: "m * 2", label: "twice", returnData: true },
      { id: "m", metric: { namespace: "N", metricName: "M", dimensions: { A: "a" }, stat: "Sum", period: 60 } },
    ]);
  });
});
