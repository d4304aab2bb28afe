import type { RequirementId } from "../../../requirements/index.ts";
import type { VerifyContext } from "./context.ts";

export { CheckFailure, CheckSkipped, expect, messageFrom, quote } from "./outcome.ts";

/** One row of `verify`: it proves one requirement on a live server. */
export interface Check {
  readonly id: RequirementId;
  /** Under which heading the row stands. */
  readonly group: "Discovery" | "Registration" | "Refusals" | "Login" | "Drift";
  /**
   * Proves it.
   * @returns what was seen, in a few words, for the row
   * @throws CheckFailure with what was seen instead; CheckSkipped where it does not apply
   */
  readonly run: (context: VerifyContext) => Promise<string>;
}
