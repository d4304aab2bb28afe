import { secretNames } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { describeDatabase } from "./database.ts";

/**
 * Looks whether the database is there and its password is not: a new one would not be the database's, and the next task
 * that starts could not log in.
 * @param existing names of the parameters that are there
 * @returns what was found, and how to mend it; undefined where all is well
 * @throws UserError where AWS refuses
 */
export async function lostPassword(
  environment: EnvironmentOnAws,
  existing: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<{ readonly found: string; readonly mend: string } | undefined> {
  const { databasePassword } = secretNames(environment.name);
  if (existing.has(databasePassword) || !(await describeDatabase(environment, signal))) return undefined;
  return {
    found: `the parameter ${databasePassword} is gone, and the database is there: a new password would not be the database's`,
    mend:
      "Put it back from where you keep it; or make the parameter with any value (aws ssm put-parameter, SecureString), " +
      `then npm run rotate-secrets -- ${environment.name} --only database gives both a new one.`,
  };
}
