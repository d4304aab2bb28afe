/**
 * An error whose message is meant for the person at the terminal: it names the setting or file, the value that was
 * given, what is allowed and what to do next. Commands print it as it is, without a stack trace, and exit 1.
 */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** The text of anything that was thrown, for use inside another message. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
