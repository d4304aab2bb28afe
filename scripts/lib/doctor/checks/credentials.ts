import type { Check } from "../check.ts";
import { fail, notLookedAt, ok } from "../row.ts";

/** Who is it, in which account, and may that account use the Region? */
export const credentialsChecks: readonly Check[] = [
  {
    id: "aws.credentials",
    group: "AWS account",
    what: "Credentials",
    unknown: "fail",
    run: async ({ environment: { name, aws }, lookups }) => {
      const { account, arn } = await lookups.identity();
      if (aws.accountId && account !== aws.accountId)
        return fail(
          `account ${account} (${arn}), and aws.accountId is ${aws.accountId}`,
          `Log in to ${aws.accountId} (AWS_PROFILE, aws sso login), or mend aws.accountId in environments/${name}.ts.`,
        );
      return ok(`account ${account}, as ${arn}`);
    },
  },
  {
    id: "aws.region",
    group: "AWS account",
    what: "Region",
    run: async ({ environment: { name, aws }, lookups, signal }) => {
      try {
        await lookups.identity();
      } catch {
        signal.throwIfAborted();
        return notLookedAt(); // the row above says why
      }
      if (await lookups.regionIsEnabled()) return ok(aws.region);
      return fail(
        `${aws.region} is not enabled for the account`,
        `Enable it, which takes some minutes: aws account enable-region --region-name ${aws.region}. Or change ` +
          `aws.region in environments/${name}.ts.`,
      );
    },
  },
];
