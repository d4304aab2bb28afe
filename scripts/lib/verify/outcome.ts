export { quote } from "../drift/difference.ts";

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
