import { expect, test } from "@jest/globals";
import { FlowLogs } from "../../../constructs/vpc/flow-logs.ts";
import { synthConstruct } from "../../support/template.ts";

const template = synthConstruct(
  (scope) =>
    new FlowLogs(scope, "flow-logs", {
      name: "keycloak-test",
      accountId: "111122223333",
      vpcId: "vpc-1",
      retentionDays: 30,
      kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/1",
    }),
);

test("flow logs tell of all connections in the VPC, refused ones too", () => {
  expect(template.resource("aws_flow_log")).toMatchObject({
    vpc_id: "vpc-1",
    traffic_type: "ALL",
    max_aggregation_interval: 600, // seconds, 60 or 600: the longer one makes a fraction of the log
  });
});

test("flow logs go to a log group of their own, encrypted, that forgets", () => {
  expect(template.byId("aws_cloudwatch_log_group")).toMatchObject({
    "flow-logs_log-group": {
      name: "/vpc/keycloak-test",
      retention_in_days: 30,
      kms_key_id: "arn:aws:kms:eu-central-1:111122223333:key/1",
    },
  });
  expect(template.byId("aws_flow_log")).toMatchObject({
    "flow-logs_flow-log": {
      log_destination: "${aws_cloudwatch_log_group.flow-logs_log-group.arn}",
      iam_role_arn: "${aws_iam_role.flow-logs_role.arn}",
    },
  });
});

test("their role writes there, and nowhere else", () => {
  expect(template.statements("flow-logs_role-trust")).toMatchObject([
    { principals: [{ type: "Service", identifiers: ["vpc-flow-logs.amazonaws.com"] }] },
  ]);
  expect(template.statements("flow-logs_write")).toEqual([
    {
      sid: "WriteFlowLogs",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
      resources: ["${aws_cloudwatch_log_group.flow-logs_log-group.arn}:*"],
    },
    // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html has it; it reads names only.
    { sid: "FindTheLogGroup", actions: ["logs:DescribeLogGroups"], resources: ["*"] },
  ]);
  expect(template.byId("aws_iam_role_policy")).toMatchObject({
    "flow-logs_role-write": {
      role: "${aws_iam_role.flow-logs_role.name}",
      policy: "${data.aws_iam_policy_document.flow-logs_write.json}",
    },
  });
});
