import { within } from "../../limit.ts";
import { findJava } from "../../local/java.ts";
import { findingIn } from "../advice.ts";
import type { Check } from "../check.ts";
import { PROGRAM_LIMIT } from "../program.ts";
import { ok, warn } from "../row.ts";

/** Java, by which `upgrade-check` compares what runs with what comes. */
export const javaCheck: Check = {
  id: "machine.java",
  group: "This machine",
  what: "Java",
  run: async ({ variables, signal }) => {
    try {
      const { version, home } = await within(PROGRAM_LIMIT, "Java", signal, () => findJava(variables));
      return ok(`${version} (${home})`);
    } catch (error) {
      signal.throwIfAborted();
      const { found, mend } = findingIn(error);
      return warn(`${found} (only npm run upgrade-check needs it, once something is deployed)`, mend);
    }
  },
};
