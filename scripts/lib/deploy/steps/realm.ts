import type { Environment } from "../../../../environments/schema/index.ts";
import { isOnAws } from "../../../../environments/schema/on-aws.ts";
import { administratorOf } from "../../aws/administrator.ts";
import { describeService } from "../../aws/service.ts";
import { UserError } from "../../errors.ts";
import { adminCredentials, adminVariables, type AdminCredentials } from "../../keycloak/credentials.ts";
import { fixPolicies } from "../../policies/fix.ts";
import { adminOf, targetFor, type Target } from "../../target.ts";
import { verify } from "../../verify/index.ts";
import { countRows } from "../../verify/report.ts";
import type { DeployContext, PlannedTask, StepTask } from "../step.ts";
import { stackTask } from "./stack.ts";

/** Who makes the realm: as the variables say, or else the administrator whose password is in the SSM Parameter Store. */
function administrator(environment: Environment, signal: AbortSignal): Promise<AdminCredentials> {
  return isOnAws(environment) ? administratorOf(environment, signal) : Promise.resolve(adminCredentials());
}

/** Phase 1 in Keycloak: the realm's stack. Its provider reads the administrator from variables of this one command. */
export function realmTask(context: DeployContext): PlannedTask {
  const { environment, signal } = context;
  return stackTask(context, {
    step: "realm",
    title: "Realm",
    stack: "realm",
    variables: async () => adminVariables(await administrator(environment, signal)),
    unplannable: () => beforeKeycloak(environment, signal),
  });
}

/** Why nothing can be asked yet, in words. */
async function beforeKeycloak(environment: Environment, signal: AbortSignal): Promise<string | undefined> {
  return isOnAws(environment) && !(await describeService(environment, signal)) ? "not before Keycloak runs" : undefined;
}

/** Phase 2: what the Terraform provider cannot hold. */
export function policiesTask({ environment, signal }: DeployContext): StepTask {
  return {
    step: "policies",
    title: "Client registration policies",
    async outlook() {
      const reason = await beforeKeycloak(environment, signal);
      if (reason) return { changes: undefined, text: reason };
      const { admin, definition } = await realmOf(environment, signal);
      const { changes } = await fixPolicies(admin, definition, { dryRun: true });
      return { changes: changes.length > 0, text: changes.length > 0 ? `${changes.length} to change` : "as defined" };
    },
    async run(say) {
      const { admin, definition } = await realmOf(environment, signal);
      const { changes } = await fixPolicies(admin, definition, { onChange: (change) => say.doing(change.title) });
      return changes.length > 0 ? `${changes.length} changed` : "as defined";
    },
  };
}

async function liveTarget(environment: Environment, signal: AbortSignal): Promise<Target> {
  return targetFor(environment, await administrator(environment, signal));
}

async function realmOf(environment: Environment, signal: AbortSignal) {
  const target = await liveTarget(environment, signal);
  return { admin: adminOf(target, signal), definition: target.definition };
}

/** The proof, with a whole login of a temporary user. */
export function verifyTask(context: DeployContext): StepTask {
  const { environment, signal } = context;
  return {
    step: "verify",
    title: "Verify, with a login",
    async run(say) {
      const target = await liveTarget(environment, signal);
      const rows = await verify(target, { login: true, signal, onRow: (row) => say.doing(row.behaviour) });
      context.rows = rows;
      const { pass, fail, skip, gap } = countRows(rows);
      if (fail === 0) return `${pass} passed, ${skip} skipped${gap > 0 ? `, ${gap} known gaps of this release` : ""}`;
      const failed = rows.filter(({ status }) => status === "fail");
      throw new UserError(
        [
          `${fail} of ${rows.length} checks fail:`,
          ...failed.map(({ id, behaviour, detail }) => `  ${id}: ${behaviour}. ${detail}`),
          "docs/operations.md#when-verify-fails says what each usually means.",
        ].join("\n"),
      );
    },
  };
}
