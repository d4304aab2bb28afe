import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { Construct } from "constructs";
import { logGroup, type LogRetention } from "../log-group.ts";
import { serviceRole } from "../service-role.ts";

/** Props of {@link FlowLogs}. */
export interface FlowLogsProps extends LogRetention {
  readonly name: string;
  readonly accountId: string;
  readonly vpcId: string;
}

/** Who talked to whom in the VPC, kept in CloudWatch Logs. */
export class FlowLogs extends Construct {
  constructor(scope: Construct, id: string, { name, accountId, vpcId, ...retention }: FlowLogsProps) {
    super(scope, id);
    const group = logGroup(this, "log-group", `/vpc/${name}`, retention);
    const write = new DataAwsIamPolicyDocument(this, "write", {
      statement: [
        {
          sid: "WriteFlowLogs",
          actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          resources: [`${group.arn}:*`],
        },
        { sid: "FindTheLogGroup", actions: ["logs:DescribeLogGroups"], resources: ["*"] },
      ],
    });
    const role = serviceRole(this, "role", {
      name: `${name}-flow-logs`,
      service: "vpc-flow-logs.amazonaws.com",
      accountId,
      policies: { write: write.json },
    });
    new FlowLog(this, "flow-log", {
      vpcId,
      trafficType: "ALL",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 600,
      tags: { Name: name },
    });
  }
}
