import { secretNames } from "../../../../constructs/names.ts";
import { SecretStore } from "../../aws/secrets.ts";
import type { Check } from "../check.ts";
import { ok, warn } from "../row.ts";

/** The passwords of the database and the first administrator. No value is read. */
export const secretsCheck: Check = {
  id: "aws.secrets",
  group: "AWS account",
  what: "Secrets",
  needsAws: true,
  unknown: "fail", // a deployment asks the same
  run: async ({ environment: { name, aws }, lookups, signal }) => {
    const { databasePassword, ...others } = secretNames(name);
    const names = [databasePassword, ...Object.values(others)];
    const there = await new SecretStore(aws.region, signal).existing(names);
    const missing = names.filter((one) => !there.has(one));
    if (missing.length === 0) return ok(`${names.length} of ${names.length} are in SSM`);
    const made = `the deployment makes ${missing.join(" and ")} in SSM`;
    if (!there.has(databasePassword) && (await lookups.service()))
      return warn(
        `${made}, and the database that is there does not know the new password`,
        `Put the old one back (aws ssm put-parameter --type SecureString), or raise aws.database.passwordVersion in ` +
          `environments/${name}.ts by one, so that the deployment gives the database the new one.`,
      );
    return ok(made);
  },
};
