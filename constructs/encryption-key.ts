import { DataAwsIamPolicyDocument } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { accept } from "./accepted-finding.ts";

/** Props of {@link EncryptionKey}. */
export interface EncryptionKeyProps {
  /** Prefix of the environment's names; the alias is `alias/<name>`. */
  readonly name: string;
  readonly region: string;
  /** The account, 12 digits, or a reference to it. */
  readonly accountId: string;
}

/**
 * The environment's own KMS key (1 USD a month): database, logs and alarm messages are encrypted with it. It rotates
 * every year; deleting it takes 30 days, in which it can be taken back.
 */
export class EncryptionKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, region, accountId }: EncryptionKeyProps) {
    super(scope, id);
    const policy = new DataAwsIamPolicyDocument(this, "policy", {
      statement: [
        {
          // Without it nobody could change the key: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
          sid: "AccountAdministersTheKey",
          principals: [{ type: "AWS", identifiers: [`arn:aws:iam::${accountId}:root`] }],
          actions: ["kms:*"],
          resources: ["*"],
        },
        {
          sid: "LogGroupsOfTheAccount",
          principals: [{ type: "Service", identifiers: [`logs.${region}.amazonaws.com`] }],
          actions: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
          resources: ["*"],
          condition: [
            {
              test: "ArnLike",
              variable: "kms:EncryptionContext:aws:logs:arn",
              values: [`arn:aws:logs:${region}:${accountId}:log-group:*`],
            },
          ],
        },
        {
          // An alarm publishes to an encrypted topic only where its service may use the key.
          sid: "AlarmsOfTheAccount",
          principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }],
          actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
          resources: ["*"],
          condition: [{ test: "StringEquals", variable: "aws:SourceAccount", values: [accountId] }],
        },
      ],
    });
    for (const check of ["CKV_AWS_109", "CKV_AWS_111", "CKV_AWS_356"] as const)
      accept(policy, check, "a key policy: * stands for the key itself, and its account must be able to administer it");
    const key = new KmsKey(this, "key", {
      description: `Data of ${name}: database, logs, alarms`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policy.json,
    });
    new KmsAlias(this, "alias", { name: `alias/${name}`, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}
