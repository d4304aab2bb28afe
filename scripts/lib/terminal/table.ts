/**
 * Lays out rows in aligned columns. Only the last column may be longer than the terminal: it wraps, indented.
 * @param rows plain text, without colour, so that widths can be counted
 * @param width columns of the terminal; 0 does not wrap
 * @param paint colours one finished cell
 */
export function table(
  rows: readonly (readonly string[])[],
  width = 0,
  paint: (cell: string, column: number, row: number) => string = (cell) => cell,
): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns - 1 }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const indent = widths.reduce((sum, cell) => sum + cell + 2, 0);
  return rows
    .map((row, index) => {
      const head = widths.map((cell, column) => {
        const text = row[column] ?? "";
        return paint(text, column, index) + " ".repeat(cell - text.length + 2);
      });
      const lines = wrap(row[columns - 1] ?? "", width > indent + 20 ? width - indent : 0);
      const last = lines.map((line) => paint(line, columns - 1, index)).join(`\n${" ".repeat(indent)}`);
      return (head.join("") + last).trimEnd();
    })
    .join("\n");
}

/** Breaks a text at blanks; a word that is too long stays whole, so that it can be copied. */
export function wrap(text: string, width: number): string[] {
  if (width <= 0 || text.length <= width) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return [...lines, line];
}

/** Moves each line of a text to the right, but for empty ones. */
export function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
