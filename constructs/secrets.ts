import type { TerraformStack } from "cdktf";
import { Construct } from "constructs";

/** Props of {@link Secrets}. */
export interface SecretsProps {
  readonly region: string;
  readonly accountId: string;
  /** Names of the SecureString parameters, beginning with a slash. They are made outside of Terraform. */
  readonly names: { readonly adminPassword: string; readonly databasePassword: string };
}

/**
 * References to the passwords in the SSM Parameter Store. Terraform sees one of them, the database's, and that only
 * through an ephemeral resource: it is in no state and no plan.
 * https://developer.hashicorp.com/terraform/language/resources/ephemeral
 */
export class Secrets extends Construct {
  /** ARNs, for the task definition, whose agent fetches the values. */
  readonly arns: { readonly adminPassword: string; readonly databasePassword: string };
  /** The database's password itself; only a write-only argument may take it. */
  readonly databasePassword: string;

  constructor(scope: TerraformStack, id: string, { region, accountId, names }: SecretsProps) {
    super(scope, id);
    const arn = (name: string) => `arn:aws:ssm:${region}:${accountId}:parameter${name}`;
    this.arns = { adminPassword: arn(names.adminPassword), databasePassword: arn(names.databasePassword) };
    // CDKTF knows resources and data sources only.
    scope.addOverride("ephemeral.aws_ssm_parameter.database_password", { arn: this.arns.databasePassword });
    this.databasePassword = "${ephemeral.aws_ssm_parameter.database_password.value}";
  }
}
