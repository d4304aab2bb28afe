import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { literals } from "../constructs/literals.ts";
import { namePrefix } from "../constructs/names.ts";
import { environmentTags, type EnvironmentOnAws } from "../environments/schema/on-aws.ts";
import { keepState } from "./backend.ts";

/** A stack of AWS resources: the Region, the account, and tags on everything. */
export abstract class AwsStack extends TerraformStack {
  /** Prefix of the environment's names. */
  protected readonly prefix: string;
  /** The environment; no string in it is a Terraform template. */
  protected readonly environment: EnvironmentOnAws;

  private account?: string;

  constructor(scope: Construct, id: string, environment: EnvironmentOnAws) {
    super(scope, id);
    this.environment = literals(environment);
    const { region, accountId, tags } = this.environment.aws;
    keepState(this, environment);
    new AwsProvider(this, "aws", {
      region,
      allowedAccountIds: accountId ? [accountId] : undefined,
      defaultTags: [
        {
          tags: { ...tags, ...environmentTags(environment.name) },
        },
      ],
    });
    this.prefix = namePrefix(environment.name);
  }

  /** The account, or else a reference to the one of the credentials, which is looked up where it is needed only. */
  protected get accountId(): string {
    this.account ??= this.environment.aws.accountId ?? new DataAwsCallerIdentity(this, "account", {}).accountId;
    return this.account;
  }

  /** An output of that very name, for scripts and people. None is secret. */
  protected output(id: string, value: unknown, description: string): void {
    new TerraformOutput(this, id, { value, description, staticId: true });
  }
}
