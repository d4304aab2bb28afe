import { messageOf } from "../errors.ts";

/** Where a message says nothing about what to do. */
const NO_ADVICE = "Mend that, then run the doctor again.";

/** How the advice begins that errors of this project end with. */
const ADVICE = /(?:[.?!:;,]) ((?:log in|set|ask|check|wait|install|start|delete|make|give)\b[^]*)$/i;

/** Parts an error's message, as one line, into what was found and what to do about it, or else what is said otherwise. */
export function findingIn(error: unknown, otherwise = NO_ADVICE): { readonly found: string; readonly mend: string } {
  const message = messageOf(error).replaceAll(/\s+/g, " ").trim();
  const match = ADVICE.exec(message);
  if (!match) return { found: withoutStop(message), mend: otherwise };
  const advice = match[1]!;
  return {
    found: withoutStop(message.slice(0, match.index + 1)),
    mend: `${advice[0]!.toUpperCase()}${advice.slice(1)}`,
  };
}

/** As rows are written: without a mark at the end, but for those that say something. */
function withoutStop(text: string): string {
  return text.replace(/[.:;,]$/, "");
}
