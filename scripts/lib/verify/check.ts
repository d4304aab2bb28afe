import type { RequirementId } from "../../../requirements/index.ts";
import type { VerifyContext } from "./context.ts";

export { quote } from "../drift/difference.ts";

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

/** The server does not behave as required. */
export class CheckFailure extends Error {
  override readonly name = "CheckFailure";
}

/** The check does not apply to this environment, or was not asked for. */
export class CheckSkipped extends Error {
  override readonly name = "CheckSkipped";
}

/** Fails the check unless the condition holds. */
export function expect(condition: unknown, seen: string): asserts condition {
  if (!condition) throw new CheckFailure(seen);
}

/** Why a library call failed, with the server's own error where there is one; never a token. */
export function messageFrom(error: unknown): string {
  const { error: code, error_description: words } = (error ?? {}) as { error?: string; error_description?: string };
  if (code) return words ? `${code}: ${words}` : code;
  return error instanceof Error ? error.message : String(error);
}
