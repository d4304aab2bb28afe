import { pc } from "./colours.ts";

/**
 * Puts headings into a table, and moves its rows to the right.
 * @param groups heading of each row; those of one group stand together
 * @param text the table; a line that begins with a blank goes on with the row above
 */
export function grouped(groups: readonly string[], text: string): string {
  const output: string[] = [];
  let index = -1;
  for (const line of text.split("\n")) {
    const isNewRow = !line.startsWith(" ");
    if (isNewRow) index += 1;
    if (isNewRow && groups[index] !== groups[index - 1]) output.push("", pc.bold(groups[index]));
    output.push(`  ${line}`);
  }
  return output.join("\n");
}
