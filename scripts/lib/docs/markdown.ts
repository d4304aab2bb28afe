/** Text as code. */
export function code(text: string): string {
  return `\`${text}\``;
}

/** A table whose cells may have `|` in them, and `<` outside of code. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|").replace(/`[^`]*`|</g, (match) => (match === "<" ? "&lt;" : match));
}
