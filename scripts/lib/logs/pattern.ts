/** Levels of Keycloak's log that something is wrong at. */
export const ERROR_LEVELS: ReadonlySet<string> = new Set(["WARN", "ERROR", "FATAL"]);

/** Which lines are asked for. */
export interface LineFilter {
  /** Texts that a line must contain, all of them, upper and lower case as they are. */
  readonly texts: readonly string[];
  /** Only lines of the {@link ERROR_LEVELS}. */
  readonly errors: boolean;
}

/**
 * The filter for CloudWatch, which looks through the log on its side: each text is one quoted term, so that it means
 * nothing but itself. Alternatives (`?`) count only where no other term is, so with a text the levels are left to the
 * reader, who looks at them anyway: CloudWatch finds the words anywhere in a line. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @returns undefined where every line is asked for
 */
export function filterPattern({ texts, errors }: LineFilter): string | undefined {
  if (texts.length > 0) return texts.map(quoted).join(" ");
  if (errors) return [...ERROR_LEVELS].map((level) => `?${level}`).join(" ");
  return undefined;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
