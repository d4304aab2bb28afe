import picocolors from "picocolors";

/** What decides about colour: {@link NodeJS.WriteStream} has it. */
export interface Terminal {
  readonly isTTY?: boolean;
}

/**
 * Colour belongs on a terminal only: not into a file, a pipe, or the log of a CI job, where picocolors would put it.
 * `NO_COLOR` (no-color.org) and `FORCE_COLOR` (force-color.org) overrule that, in this order; neither does when empty.
 */
export function wantsColour(stream: Terminal, variables: NodeJS.ProcessEnv = process.env): boolean {
  if (variables.NO_COLOR) return false;
  if (variables.FORCE_COLOR) return variables.FORCE_COLOR !== "0";
  return stream.isTTY === true && variables.TERM !== "dumb";
}

/** Paints text for a stream. */
export const coloursFor = (stream: Terminal) => picocolors.createColors(wantsColour(stream));

/** Paints text for standard output. */
export const pc = coloursFor(process.stdout);
