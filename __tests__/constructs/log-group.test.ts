import { expect, test } from "@jest/globals";
import { logGroup } from "../../constructs/log-group.ts";
import { synthConstruct } from "../support/template.ts";

const KEY = "arn:aws:kms:eu-central-1:111122223333:key/1";

const group = (retentionDays: number) =>
  synthConstruct((scope) => logGroup(scope, "log", "/ecs/keycloak/test", { retentionDays, kmsKeyArn: KEY }));

test("a log group is encrypted, and forgets", () => {
  expect(group(30).resource("aws_cloudwatch_log_group")).toEqual({
    name: "/ecs/keycloak/test",
    retention_in_days: 30,
    kms_key_id: KEY,
  });
});

test("a log group that keeps less than a year has a reason for checkov, and no other has", () => {
  expect(group(180).acceptedFindings()).toEqual({ log: { CKV_AWS_338: expect.stringMatching(/choice/) } });
  expect(group(365).acceptedFindings()).toEqual({});
});
