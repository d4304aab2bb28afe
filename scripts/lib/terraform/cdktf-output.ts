import { stripVTControlCharacters } from "node:util";

/** What CDKTF shows of itself while it waits: a spinner, and counts of stacks. */
const OWN_LINES = /^([\u2800-\u28ff]\s.*|\d+ Stacks? (deploying|destroying)\s.*|Starting|Processing|Synthesizing)$/;

/**
 * Makes Terraform's own words of what CDKTF prints: without colour and spinner, and without the column that has the
 * stack's name in its first line.
 */
export class TerraformLines {
  private rest = "";

  constructor(private readonly stack: string) {}

  /** Takes a piece of output, and gives back the lines that are complete now. */
  take(chunk: string): string[] {
    const lines = (this.rest + stripVTControlCharacters(chunk)).split(/\r?\n/);
    this.rest = lines.pop()!;
    return lines.flatMap((line) => this.clean(line));
  }

  /** What is left at the end. */
  end(): string[] {
    return this.rest ? this.clean(this.rest) : [];
  }

  private clean(line: string): string[] {
    if (OWN_LINES.test(line.trim())) return [];
    const { length } = this.stack;
    if (length === 0) return [line.trimEnd()];
    const column = line.slice(0, length + 2);
    const prefixed = column === `${this.stack}  ` || column.trim() === "";
    return [(prefixed ? line.slice(length + 2) : line.startsWith(this.stack) ? line.slice(length) : line).trimEnd()];
  }
}
