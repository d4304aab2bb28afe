import { UserError } from "../../errors.ts";
import { checkUpgrade, type UpgradeCheck } from "../../upgrade/check.ts";
import type { AwsContext, StepTask } from "../step.ts";
import { stepOf } from "./step-of.ts";

/**
 * Asks whether tasks of what runs and of what comes may run at once, and obeys: where they may not, and the environment
 * does not say "recreate", nothing is deployed.
 */
export function upgradeTask(context: AwsContext): StepTask {
  const { environment, signal } = context;
  return {
    step: "keycloak",
    title: "Whether old and new tasks may run at once",
    async outlook() {
      const { verdict, setting } = await checkUpgrade(environment, {
        signal,
        step: (_, work) => work(() => undefined),
      });
      if (verdict !== "recreate")
        return { changes: false, text: verdict === "first" ? "nothing runs yet" : "they may" };
      return {
        changes: true,
        fails: setting === "rolling",
        text: setting === "recreate" ? "they may not: the service is interrupted" : "they may not: it would be refused",
      };
    },
    async run(say) {
      const check = await checkUpgrade(environment, { signal, step: stepOf(say) });
      context.upgrade = check;
      if (environment.aws.image.tag ?? environment.aws.image.digest)
        say.event(
          `aws.image names the image: what is compared is keycloak.version, ${check.newVersion}, which it must be`,
        );
      if (check.verdict === "first") return "nothing runs yet";
      if (check.verdict === "rolling") {
        if (check.setting === "recreate")
          say.event('they may: aws.service.deployment: "recreate" interrupts the service for nothing');
        return "they may";
      }
      if (check.setting === "rolling") throw refusal(check);
      say.event(`the service is interrupted: ${check.reasons.join(" ")}`);
      return "they may not: all old ones are stopped first";
    },
  };
}

function refusal(check: UpgradeCheck): UserError {
  const { deployedVersion, newVersion, reasons, environment } = check;
  return new UserError(
    [
      `Keycloak ${deployedVersion}, which runs, and ${newVersion} must not run at once, as a rolling deployment would have ` +
        "it: they would be two clusters on one database. Nothing was changed.",
      ...reasons.map((reason) => `  ${reason}`),
      `To go on, set aws.service.deployment: "recreate" in environments/${environment}.ts, and run the command again: it ` +
        "takes a snapshot, stops all old tasks, then starts the new ones. Nobody can log in for two to four minutes.",
    ].join("\n"),
  );
}
