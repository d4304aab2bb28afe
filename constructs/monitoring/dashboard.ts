import type { Alarm, SingleMetric } from "./alarms.ts";

/** Width and height of a chart; the dashboard's grid has 24 columns. */
const CHART = { width: 8, height: 6 };
const COLUMNS = 24 / CHART.width;

/** A graph of CloudWatch: `[namespace, metric, name, value, ..., options]` per line. */
interface Chart {
  readonly title: string;
  readonly metrics: readonly unknown[][];
}

/**
 * The dashboard's body: state of all alarms, then one chart per alarm with its threshold.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 * @param alarmArns in any order
 */
export function dashboardBody(alarms: readonly Alarm[], alarmArns: readonly string[], region: string): string {
  const states = {
    type: "alarm",
    x: 0,
    y: 0,
    width: 24,
    height: 4,
    properties: { title: "Alarms", alarms: alarmArns },
  };
  const charts = alarms.map((alarm, index) => ({
    type: "metric",
    x: (index % COLUMNS) * CHART.width,
    y: 4 + Math.floor(index / COLUMNS) * CHART.height,
    ...CHART,
    properties: {
      ...chart(alarm),
      region,
      view: "timeSeries",
      stat: "Average",
      annotations: { horizontal: [{ label: "alarm", value: alarm.threshold }] },
    },
  }));
  return JSON.stringify({ widgets: [states, ...charts] });
}

function chart({ name, metric }: Alarm): Chart {
  const title = name.replaceAll("-", " ");
  if (!("expression" in metric)) return { title, metrics: [line(metric)] };
  const { expression, label, metrics } = metric;
  return {
    title,
    metrics: [
      [{ expression, label, id: "result" }],
      ...Object.entries(metrics).map(([id, single]) => line(single, { id, visible: false })),
    ],
  };
}

function line({ namespace, name, dimensions = {}, statistic, period }: SingleMetric, options = {}): unknown[] {
  return [namespace, name, ...Object.entries(dimensions).flat(), { stat: statistic, period, ...options }];
}
