import { secretNames } from "../../../../constructs/names.ts";
import { lostPassword } from "../../aws/lost-password.ts";
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
      const existing = await store.existing(names);
      const lost = await lostPassword(environment, existing, signal);
      if (lost) return { changes: undefined, fails: true, text: lost.found };
      const missing = names.length - existing.size;
      return { changes: missing > 0, text: missing > 0 ? `${missing} to make` : "there already" };
    },
    async run(say) {
      const existing = await store.existing(names);
      const lost = await lostPassword(environment, existing, signal);
      if (lost) throw new UserError(`${lost.found}. ${lost.mend}`);
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
