import type { examine } from "../../doctor/index.ts";
import { UserError } from "../../errors.ts";
import { counted } from "../../terminal/counted.ts";
import type { AwsContext, StepTask } from "../step.ts";

/** Loaded by this step only: EC2's client alone takes longer than all that the other steps load. */
const look: typeof examine = async (...parameters) => (await import("../../doctor/index.ts")).examine(...parameters);

/** What `npm run doctor` looks at: what would fail in ten minutes fails now, before anything is made. */
export function checkTask({ environment, signal }: AwsContext): StepTask {
  return {
    step: "check",
    title: "This machine and the AWS account",
    async outlook() {
      const failed = (await look(environment, { signal })).filter(({ status }) => status === "fail");
      if (failed.length === 0) return { changes: false, text: "all that is needed" };
      return {
        changes: false,
        fails: true,
        text: `a deployment would fail: ${failed.map(({ what }) => what).join(", ")}`,
      };
    },
    async run(say) {
      const rows = await look(environment, { signal, onRow: (row) => say.doing(`${row.what}: ${row.found}`) });
      const failed = rows.filter(({ status }) => status === "fail");
      if (failed.length > 0)
        throw new UserError(
          [
            "this deployment would fail:",
            ...failed.map(({ what, found, mend }) => `  ${what}: ${found}${mend ? `. ${mend}` : ""}`),
            `npm run doctor -- ${environment.name} shows all that was looked at. Nothing was made.`,
          ].join("\n"),
        );
      const warnings = rows.filter(({ status }) => status === "warn");
      for (const { what, found, mend } of warnings) say.event(`${what}: ${found}${mend ? `. ${mend}` : ""}`);
      if (warnings.length === 0) return "all that is needed";
      return `good enough; ${counted(warnings.length, "warning")} (npm run doctor -- ${environment.name})`;
    },
  };
}
