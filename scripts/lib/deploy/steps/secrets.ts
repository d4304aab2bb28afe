import { secretNames } from "../../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../../environments/schema/on-aws.ts";
import { describeDatabase } from "../../aws/database.ts";
import { newSecret, SecretStore } from "../../aws/secrets.ts";
import { UserError } from "../../errors.ts";
import type { AwsContext, StepTask } from "../step.ts";

/** Makes the environment's passwords, those that are not there: one that is there stays as it is. */
export function secretsTask({ environment, signal }: AwsContext): StepTask {
  const store = new SecretStore(environment.aws.region, signal);
  const names = Object.values(secretNames(environment.name));
  return {
    step: "secrets",
    title: "Passwords in the SSM Parameter Store",
    async outlook() {
      const missing = names.length - (await store.existing(names)).size;
      return { changes: missing > 0, text: missing > 0 ? `${missing} to make` : "there already" };
    },
    async run(say) {
      const existing = await store.existing(names);
      await refuseStranger(environment, existing, signal);
      let made = 0;
      for (const name of names) {
        if (existing.has(name)) continue;
        say.doing(name);
        if (await store.create(name, newSecret())) made += 1;
      }
      return made > 0 ? `${made} made` : "there already";
    },
  };
}

/** A new password is not that of a database which is there: the next task that starts could not log in. */
async function refuseStranger(
  environment: EnvironmentOnAws,
  existing: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  const { databasePassword } = secretNames(environment.name);
  if (existing.has(databasePassword) || !(await describeDatabase(environment, signal))) return;
  throw new UserError(
    `The parameter ${databasePassword} is gone, and the database is there: a new password would not be the database's. Put it ` +
      "back from where you keep it; or make the parameter with any value (aws ssm put-parameter, SecureString), then " +
      `npm run rotate-secrets -- ${environment.name} --only database gives both a new one.`,
  );
}
