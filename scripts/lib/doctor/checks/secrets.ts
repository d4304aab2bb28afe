import { secretNames } from "../../../../constructs/names.ts";
import { lostPassword } from "../../aws/lost-password.ts";
import { SecretStore } from "../../aws/secrets.ts";
import type { Check } from "../check.ts";
import { fail, ok } from "../row.ts";

/** The passwords of the database and the first administrator. No value is read. */
export const secretsCheck: Check = {
  id: "aws.secrets",
  group: "AWS account",
  what: "Secrets",
  needsAws: true,
  unknown: "fail", // a deployment asks the same
  run: async ({ environment, signal }) => {
    const { name, aws } = environment;
    const names = Object.values(secretNames(name));
    const there = await new SecretStore(aws.region, signal).existing(names);
    const missing = names.filter((one) => !there.has(one));
    if (missing.length === 0) return ok(`${names.length} of ${names.length} are in SSM`);
    const lost = await lostPassword(environment, there, signal);
    if (lost) return fail(lost.found, lost.mend);
    return ok(`the deployment makes ${missing.join(" and ")} in SSM`);
  },
};
