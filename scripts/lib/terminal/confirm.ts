import { createInterface } from "node:readline/promises";
import { UserError } from "../errors.ts";

/**
 * Lets a person confirm what cannot be taken back, by typing a word.
 * @param what will happen, as a sentence
 * @param word to type, such as the environment's name
 * @param yes whether `--yes` was given, which asks nobody
 * @throws UserError where another word is typed, or nobody is there to ask
 */
export async function confirm(what: string, word: string, yes: boolean, signal: AbortSignal): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new UserError(`${what} Nobody is here to be asked: add --yes where that is what you want.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${what}\nType ${word} to go on: `, { signal });
    if (answer.trim() !== word) throw new UserError("Nothing was done.");
  } finally {
    terminal.close();
  }
}
