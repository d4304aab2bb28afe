import type { Task } from "../../terminal/task-list.ts";
import { synthesize } from "../../terraform/cdktf.ts";
import type { DeployContext } from "../step.ts";

/** Goes before all steps that run Terraform; it belongs to none, since it makes nothing. */
export function synthTask({ environment, signal }: DeployContext): Task {
  return {
    title: "Terraform for this environment (cdktf synth)",
    async run(say) {
      await synthesize({ environment: environment.name, signal, onLine: (line) => say.doing(line) });
      return undefined;
    },
  };
}
