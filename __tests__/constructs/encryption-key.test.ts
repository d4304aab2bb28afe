import { describe, expect, test } from "@jest/globals";
import { EncryptionKey } from "../../constructs/encryption-key.ts";
import { synthConstruct } from "../support/template.ts";

const ACCOUNT = "111122223333";

const template = synthConstruct(
  (scope) =>
    new EncryptionKey(scope, "encryption-key", { name: "keycloak-test", region: "eu-central-1", accountId: ACCOUNT }),
);
const statements = new Map(template.statements("encryption-key_policy").map((one) => [one.sid, one]));

describe("the environment's key", () => {
  test("is a new one every year, and can be taken back for a month: without it the database is lost", () => {
    expect(template.resource("aws_kms_key")).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
  });

  test("has a name that people find it by", () => {
    expect(template.byId("aws_kms_alias")).toMatchObject({
      "encryption-key_alias": {
        name: "alias/keycloak-test",
        target_key_id: "${aws_kms_key.encryption-key.key_id}",
      },
    });
  });
});

describe("its policy", () => {
  test("is the key's, and names three who may use it", () => {
    expect(template.byId("aws_kms_key")["encryption-key"]!.policy).toBe(
      "${data.aws_iam_policy_document.encryption-key_policy.json}",
    );
    for (const { resources } of statements.values()) expect(resources).toEqual(["*"]); // the key itself
    expect([...statements.keys()]).toEqual(["AccountAdministersTheKey", "LogGroupsOfTheAccount", "AlarmsOfTheAccount"]);
  });

  test("leaves the key in the account's hands: AWS refuses a key that nobody could change", () => {
    expect(statements.get("AccountAdministersTheKey")).toMatchObject({
      principals: [{ type: "AWS", identifiers: [`arn:aws:iam::${ACCOUNT}:root`] }],
      actions: ["kms:*"],
    });
  });

  test("lets CloudWatch Logs of the Region encrypt the account's log groups", () => {
    expect(statements.get("LogGroupsOfTheAccount")).toMatchObject({
      principals: [{ type: "Service", identifiers: ["logs.eu-central-1.amazonaws.com"] }],
      actions: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
      condition: [
        {
          test: "ArnLike",
          variable: "kms:EncryptionContext:aws:logs:arn",
          values: [`arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:*`],
        },
      ],
    });
  });

  test("lets the account's alarms publish: to an encrypted topic they else go off, and nobody hears of it", () => {
    expect(statements.get("AlarmsOfTheAccount")).toMatchObject({
      principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }],
      actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
      condition: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [ACCOUNT] }],
    });
  });
});
