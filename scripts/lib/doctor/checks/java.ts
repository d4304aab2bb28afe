import { within } from "../../limit.ts";
import { findJava } from "../../local/java.ts";
import { findingIn } from "../advice.ts";
import { needsComparison } from "../../upgrade/check.ts";
import type { Check, CheckContext } from "../check.ts";
import { PROGRAM_LIMIT } from "../program.ts";
import { fail, ok, warn } from "../row.ts";

/** Java, by which Keycloak compares what runs with what comes: `upgrade-check` needs it, and so does `deploy`. */
export const javaCheck: Check = {
  id: "machine.java",
  group: "This machine",
  what: "Java",
  run: async (context) => {
    const { variables, signal } = context;
    try {
      const { version, home } = await within(PROGRAM_LIMIT, "Java", signal, () => findJava(variables));
      return ok(`${version} (${home})`);
    } catch (error) {
      signal.throwIfAborted();
      const { found, mend } = findingIn(error);
      if (await isNeeded(context))
        return fail(`${found}, and this deployment changes Keycloak's release or options`, mend);
      return warn(`${found} (needed once a deployment changes Keycloak's release or options)`, mend);
    }
  },
};

/** What AWS does not tell is in the rows of the account. */
async function isNeeded({ environment, lookups, signal }: CheckContext): Promise<boolean> {
  if (!(await lookups.accountIsRight())) return false;
  return needsComparison(environment, signal).catch(() => {
    signal.throwIfAborted();
    return false;
  });
}
