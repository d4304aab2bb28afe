import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { secretNames } from "../../constructs/names.ts";
import { describeOnAws, startMoto, type EmulatedAws } from "./support/moto.ts";
import { runScript } from "./support/run-script.ts";

const PASSWORD = "planted-admin-password";
let aws: EmulatedAws;

/** @param endpoint AWS's; without one nothing can be asked there */
function run(parameters: string[], endpoint = aws.variables.AWS_ENDPOINT_URL!) {
  return runScript("admin", parameters, {
    variables: { ...process.env, ...aws.variables, AWS_ENDPOINT_URL: endpoint },
  });
}

describeOnAws("npm run admin", () => {
  beforeAll(async () => {
    aws = await startMoto();
    const client = new SSMClient(aws.client());
    const Name = secretNames("production").adminPassword;
    await client.send(new PutParameterCommand({ Name, Value: PASSWORD, Type: "SecureString" }));
  });
  afterAll(() => aws.stop());

  test("[admin.password] [secrets.nowhere] says how to come in, without the password, and without AWS", async () => {
    const nowhere = "http://127.0.0.1:1";
    const [text, json] = await Promise.all([run(["production"], nowhere), run(["production", "--json"], nowhere)]);
    expect(text).toMatchObject({ code: 0, stderr: "" });
    expect(text.stdout).toMatch(
      /^Console +https:\/\/auth\.example\.com\/auth\/admin\/\nReached from +203\.0\.113\.0\/24\n/,
    );
    expect(text.stdout).toContain(
      "\n  aws ssm get-parameter --region us-east-1 --name /keycloak/production/admin_password --with-decryption ",
    );
    expect(text.stdout).toContain("This account is temporary");
    expect(json.code).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({
      url: "https://auth.example.com/auth/admin/",
      user: "admin",
      parameter: "/keycloak/production/admin_password",
      adminCidrs: ["203.0.113.0/24"],
      temporary: true,
    });
    expect(JSON.parse(json.stdout)).not.toHaveProperty("password");
  });

  test("[admin.password] shows it where it is asked for, alone on standard output", async () => {
    const [text, json] = await Promise.all([
      run(["production", "--show-password"]),
      run(["production", "--show-password", "--json"]),
    ]);
    expect(text).toMatchObject({ code: 0, stdout: `${PASSWORD}\n` });
    expect(text.stderr).toMatch(/^Console +https:\/\/auth\.example\.com\/auth\/admin\/\n/);
    expect(text.stderr).not.toContain(PASSWORD);
    expect(JSON.parse(json.stdout)).toMatchObject({ user: "admin", password: PASSWORD });
  });

  test("says where there is no password yet, and where a local run has it", async () => {
    const [missing, local] = await Promise.all([run(["development", "--show-password"]), run(["local"])]);
    expect(missing).toMatchObject({ code: 1, stdout: "" });
    expect(missing.stderr).toBe(
      "Error: There is no parameter /keycloak/development/admin_password in us-east-1: nothing is deployed there yet. " +
        "Deploy it: npm run deploy -- development\n",
    );
    expect(local.stderr).toBe(
      "Error: environments/local.ts has no aws: whoever runs that Keycloak knows its administrator; of a local run, npm run local tells it.\n",
    );
  });
});
