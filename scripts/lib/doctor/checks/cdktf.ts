import type { Check } from "../check.ts";
import { findOnPath } from "../program.ts";
import { fail, ok } from "../row.ts";

/** CDKTF's command, which npm scripts have on their PATH. */
export const cdktfCheck: Check = {
  id: "machine.cdktf",
  group: "This machine",
  what: "CDKTF",
  run: async ({ variables }) => {
    const file = await findOnPath("cdktf", variables);
    return file ? ok(file) : fail("no cdktf on the PATH", "Install the project's packages: npm ci");
  },
};
