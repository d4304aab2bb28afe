import { describe, expect, test } from "@jest/globals";
import { alarms } from "../../../constructs/monitoring/alarms.ts";
import { dashboardBody } from "../../../constructs/monitoring/dashboard.ts";

const ALARMS = alarms({
  clusterName: "cluster",
  serviceName: "service",
  databaseCluster: "database",
  databaseInstances: ["database-1"],
  loadBalancer: "app/keycloak/0123456789abcdef",
  targetGroup: "targetgroup/keycloak/0123456789abcdef",
  logNamespace: "Keycloak/test",
});
const ARNS = ALARMS.map(({ name }) => `arn:aws:cloudwatch:eu-central-1:111122223333:alarm:keycloak-test-${name}`);

/** A widget, as CloudWatch takes it. */
interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly unknown[])[];
    readonly region?: string;
    readonly annotations?: { readonly horizontal: readonly { readonly value: number }[] };
  };
}

const { widgets } = JSON.parse(dashboardBody(ALARMS, ARNS, "eu-central-1")) as { widgets: readonly Widget[] };
const [states, ...charts] = widgets;

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
describe("the dashboard", () => {
  test("begins with the state of every alarm", () => {
    expect(states).toMatchObject({ type: "alarm", x: 0, y: 0, properties: { alarms: ARNS } });
  });

  test("has a chart for each alarm, with the line that it goes off at", () => {
    expect(charts.map(({ properties }) => properties.title)).toEqual(
      ALARMS.map(({ name }) => name.replaceAll("-", " ")),
    );
    for (const [index, { type, properties }] of charts.entries()) {
      expect(type).toBe("metric");
      expect(properties).toMatchObject({
        region: "eu-central-1", // CloudWatch refuses a chart without
        view: "timeSeries",
        annotations: { horizontal: [{ value: ALARMS[index]!.threshold }] },
      });
    }
  });

  test("fits into the 24 columns, and no widget lies over another", () => {
    const taken = new Set<string>();
    for (const { x, y, width, height } of widgets) {
      expect([x, y, width, height].every(Number.isInteger)).toBe(true);
      expect(x + width).toBeLessThanOrEqual(24);
      for (let column = x; column < x + width; column += 1)
        for (let row = y; row < y + height; row += 1) {
          expect(taken).not.toContain(`${column},${row}`);
          taken.add(`${column},${row}`);
        }
    }
  });
});

describe("a chart", () => {
  const metricsOf = (alarm: string) => charts[ALARMS.findIndex(({ name }) => name === alarm)]!.properties.metrics;

  test("shows what its alarm measures: the metric with its dimensions, as often as the alarm looks", () => {
    expect(metricsOf("response-time-p99")).toEqual([
      [
        "AWS/ApplicationELB",
        "TargetResponseTime",
        "LoadBalancer",
        "app/keycloak/0123456789abcdef",
        "TargetGroup",
        "targetgroup/keycloak/0123456789abcdef",
        { stat: "p99", period: 60 },
      ],
    ]);
    expect(metricsOf("login-failures")).toEqual([["Keycloak/test", "LoginFailures", { stat: "Sum", period: 300 }]]);
  });

  test("of an expression shows its result, and has the metrics hidden behind it", () => {
    const service = ["ClusterName", "cluster", "ServiceName", "service"];
    const hidden = (id: string) => ({ stat: "Average", period: 60, id, visible: false });
    expect(metricsOf("tasks-missing")).toEqual([
      [{ expression: "desired - running", label: "tasks missing", id: "result" }],
      ["ECS/ContainerInsights", "DesiredTaskCount", ...service, hidden("desired")],
      ["ECS/ContainerInsights", "RunningTaskCount", ...service, hidden("running")],
    ]);
  });
});
