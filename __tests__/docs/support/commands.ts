import type { Code } from "./pages.ts";

/** A command that a page tells people to run. */
export interface DocumentedCommand {
  readonly line: number;
  /** As it stands there. */
  readonly text: string;
  /** `npm`: a script of package.json. `cdktf`: a verb. */
  readonly program: "npm" | "cdktf";
  /** Name of the script, or the verb. */
  readonly name: string;
  /** What follows, without quotation marks. */
  readonly words: readonly string[];
}

/** Words go on, also in a line after a backslash, until another command begins, or a comment. */
const COMMAND = /\b(?:npm run(?: -s)?|npm(?= test\b)|(cdktf)) ([a-z][\w:-]*)((?:(?! #)(?:\\\n|[^|&;)\n]))*)/g;

/** The commands in a piece of code. */
export function commandsIn({ line, text, rest = [] }: Code): DocumentedCommand[] {
  return [...text.matchAll(COMMAND)].map((match) => {
    const [whole, cdktf, name, after] = match;
    const words = after!
      .replaceAll("\\\n", " ")
      .trim()
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => word.replaceAll(/['"]/g, ""));
    const lines = text.slice(0, match.index).split("\n").length - 1;
    // A row of a table that begins with a command tells of its options in the other cells.
    const options = match.index === 0 && rest.length > 0 ? rest.filter((one) => one.startsWith("--")) : [];
    return {
      line: line + lines,
      text: whole.trim(),
      program: cdktf ? "cdktf" : "npm",
      name: name!,
      words: [...words, ...(options.length > 0 && !words.includes("--") && !cdktf ? ["--"] : []), ...options],
    };
  });
}

/** Options among the words, without their values. */
export function optionsOf({ words }: DocumentedCommand): string[] {
  return words.filter((word) => /^--\w/.test(word)).map((word) => word.split(/[= ]/)[0]!);
}

/** Options that npm would take for its own: those before `--`. */
export function lostOptions({ program, words }: DocumentedCommand): string[] {
  if (program === "cdktf") return [];
  const end = words.indexOf("--");
  return words.slice(0, end < 0 ? undefined : end).filter((word) => word.startsWith("-"));
}
