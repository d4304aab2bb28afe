import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  type TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { namePrefix } from "../../../constructs/names.ts";
import { askAws, clientOptions, undefinedOn } from "../aws/ask.ts";
import type { RowStatus } from "../terminal/row-status.ts";
import type { StatusContext } from "./context.ts";
import { NotThere, type Finding } from "./row.ts";

/** Whether the load balancer sends requests to the tasks, and why not. */
export async function lookAtTargets({ environment, signal }: StatusContext): Promise<Finding[]> {
  const { name, aws } = environment;
  const client = new ElasticLoadBalancingV2Client(clientOptions(aws.region));
  const prefix = namePrefix(name);
  const request = new DescribeTargetGroupsCommand({ Names: [prefix] });
  const groups = await askAws(
    "elasticloadbalancing:DescribeTargetGroups",
    signal,
    undefinedOn(["TargetGroupNotFoundException"], () => client.send(request, { abortSignal: signal })),
  );
  const group = groups?.TargetGroups?.[0];
  if (!group) throw new NotThere(`there is no target group "${prefix}" in ${aws.region}: npm run deploy -- ${name}`);
  const { TargetHealthDescriptions: targets = [] } = await askAws(
    "elasticloadbalancing:DescribeTargetHealth",
    signal,
    () =>
      client.send(new DescribeTargetHealthCommand({ TargetGroupArn: group.TargetGroupArn }), { abortSignal: signal }),
  );
  const healthy = targets.filter(({ TargetHealth }) => TargetHealth?.State === "healthy").length;
  return [
    {
      name: "targets",
      status: healthy > 0 ? "ok" : "fail",
      detail: targets.length > 0 ? `${healthy} of ${targets.length} healthy` : "none: every request gets 503",
      facts: { healthy, targets: targets.length },
    },
    ...targets.map(target),
  ];
}

/** What is normal for a while. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html */
const STATES: Readonly<Record<string, RowStatus>> = { healthy: "ok", unhealthy: "fail" };

function target({ Target, TargetHealth }: TargetHealthDescription): Finding {
  const { State = "unknown", Reason, Description } = TargetHealth ?? {};
  const why = [Reason, Description].filter(Boolean).join(": ");
  return {
    name: `${Target?.Id}:${Target?.Port}`,
    status: STATES[State] ?? "warn",
    detail: [State, Target?.AvailabilityZone, why].filter(Boolean).join(", "),
    facts: { target: Target?.Id, port: Target?.Port, state: State, reason: Reason },
  };
}
