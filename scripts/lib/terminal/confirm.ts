import { UserError } from "../errors.ts";
import { Prompt } from "./prompt.ts";

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
  const prompt = new Prompt({ signal, onInterrupt: () => process.kill(process.pid, "SIGINT") });
  try {
    if ((await prompt.ask(`${what}\nType ${word} to go on: `)) !== word) throw new UserError("Nothing was done.");
  } finally {
    prompt.close();
  }
}
