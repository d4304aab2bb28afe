import { describe, expect, test } from "@jest/globals";
import type { TerraformJson } from "./blocks.ts";
import {
  lastingWriteOnlyArguments,
  leakedEphemerals,
  literalSecrets,
  secretOutputs,
  secretsInState,
} from "./secrets.ts";

/** A stack of a few resources: `{ aws_x: { name: { ... } } }`. */
const stack = (resource: TerraformJson["resource"]): TerraformJson => ({ resource });

describe("secrets", () => {
  test("values in their place are found, in arguments, in a container's JSON and in its variables", () => {
    const container = {
      environment: [
        { name: "KC_DB_PASSWORD", value: "planted-1" },
        { name: "KC_DB_USERNAME", value: "keycloak" },
      ],
      secrets: [{ name: "KC_DB_PASSWORD", valueFrom: "arn:aws:ssm:::parameter/db_password" }],
      options: { "splunk-token": "planted-2" },
    };
    const json: TerraformJson = {
      resource: {
        aws_db: { d: { master_password: "planted-3", password_version: 1, password_policy: "length(12)" } },
        aws_task: { t: { container_definitions: JSON.stringify([container]) } },
        keycloak_client: { c: { clientSecret: 4, access_token_lifespan: "1h", use_refresh_tokens: true } },
      },
      provider: { aws: [{ secret_key: "planted-5", token: "${ephemeral.aws_x.y.token}" }] },
    };
    expect(literalSecrets(json)).toEqual([
      "aws_db.d: master_password holds a value",
      "aws_task.t: container_definitions.0.options.splunk-token holds a value",
      "aws_task.t: container_definitions.0.environment.0 (KC_DB_PASSWORD) holds a value",
      "keycloak_client.c: clientSecret holds a value",
      "provider.aws: secret_key holds a value",
    ]);
    expect(literalSecrets(json).join()).not.toContain("planted");
  });

  test("data sources and resources that bring one into the state are found; ephemeral ones do not", () => {
    const password = { aws_ssm_parameter: { p: {} } };
    expect(secretsInState({ ephemeral: password })).toEqual([]);
    expect(secretsInState({ data: password, resource: { random_password: { r: {} } } })).toEqual([
      "random_password.r",
      "data.aws_ssm_parameter.p",
    ]);
  });

  test("an ephemeral value that does not end in a write-only argument is found", () => {
    const value = "${ephemeral.aws_ssm_parameter.p.value}";
    const json: TerraformJson = {
      resource: {
        aws_db: { right: { master_password_wo: value }, wrong: { master_password: value } },
        aws_task: { t: { container_definitions: JSON.stringify([{ environment: [{ value: `x ${value}` }] }]) } },
      },
      output: { o: { value } },
    };
    expect(leakedEphemerals(json)).toEqual([
      "aws_db.wrong: master_password",
      "aws_task.t: container_definitions.0.environment.0.value",
      "output.o: value",
    ]);
  });

  test("a write-only argument that gets a lasting value is found", () => {
    const json = stack({ aws_db: { d: { master_password_wo: "${random_password.r.result}" } } });
    expect(lastingWriteOnlyArguments(json)).toEqual(["aws_db.d: master_password_wo"]);
  });

  test("an output of one is found, whatever it is called", () => {
    const json: TerraformJson = {
      output: {
        fine: { value: "/keycloak/production/db_password", description: "not its password" },
        name: { value: "${aws_ssm_parameter.password.name}" },
        ephemeral: { value: "${ephemeral.aws_ssm_parameter.p.value}" },
        attribute: { value: { all: ["${aws_rds_cluster.c.master_password}"] } },
        marked: { value: "x", sensitive: true },
      },
    };
    expect(secretOutputs(json)).toEqual(["output.ephemeral", "output.attribute", "output.marked"]);
  });
});
