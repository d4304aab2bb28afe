import { z } from "zod";

const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const PATTERN = /^(\d{1,7})(s|m|h|d)$/;

/** What the error messages say is allowed. */
export const DURATION_HINT = 'write a whole number and a unit, such as "90s", "30m", "10h" or "30d"';

/**
 * Reads a duration.
 * @param text a whole number and one unit: `90s`, `30m`, `10h`, `30d`
 * @returns seconds, or undefined where the text is no duration
 */
export function parseDuration(text: string): number | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
}

/**
 * Writes seconds in the largest unit that holds them exactly: 3600 → `1h`, 5400 → `90m`.
 * Days become hours, because Terraform's (Go's) durations know no days.
 */
export function formatDuration(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  if (seconds % 60 === 0) return `${seconds / 60}m`;
  return `${seconds}s`;
}

/** A duration as the environment file writes it; becomes seconds. */
export function duration(fallback: string) {
  return z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const seconds = parseDuration(text);
      if (seconds !== undefined && seconds > 0) return seconds;
      context.addIssue({ code: "custom", message: `${JSON.stringify(text)} is no duration: ${DURATION_HINT}` });
      return z.NEVER;
    });
}
