import { describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { secretNames } from "../../constructs/names.ts";
import { Secrets } from "../../constructs/secrets.ts";
import { synthConstruct } from "../support/template.ts";

const ARN = "arn:aws:ssm:eu-central-1:111122223333:parameter/keycloak/test";

const template = synthConstruct((scope) => {
  const { arns, databasePassword } = new Secrets(scope, "secrets", {
    region: "eu-central-1",
    accountId: "111122223333",
    names: secretNames("test"),
  });
  new TerraformOutput(scope, "arns", { value: arns });
  new TerraformOutput(scope, "password", { value: databasePassword });
});

describe("[secrets.nowhere] the passwords", () => {
  test("are referred to by ARN, for the agent that starts a task", () => {
    expect(template.outputs().arns).toEqual({
      adminPassword: `${ARN}/admin_password`,
      databasePassword: `${ARN}/db_password`,
    });
  });

  test("are read by Terraform only as far as the database needs its own, and only ephemerally", () => {
    expect(template.json.ephemeral).toEqual({
      aws_ssm_parameter: { database_password: { arn: `${ARN}/db_password` } },
    });
    expect(template.outputs().password).toBe("${ephemeral.aws_ssm_parameter.database_password.value}");
  });

  // A parameter that Terraform makes needs a value: a placeholder would be the administrator's password until somebody
  // changes it, and a data source would keep the real one in the state.
  test("are neither made nor read by a resource or a data source", () => {
    expect(template.addresses).toEqual([]);
    expect(template.json).not.toHaveProperty("data");
  });
});
