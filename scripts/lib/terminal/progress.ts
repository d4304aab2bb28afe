import { coloursFor } from "./colours.ts";

/** One line that says what is going on; it is rewritten in place on a terminal, and left out elsewhere. */
export class ProgressLine {
  private shown = false;

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  /** Shows a text instead of the one before. */
  update(text: string): void {
    if (!this.stream.isTTY) return;
    const cut = text.slice(0, Math.max(20, (this.stream.columns || 80) - 1));
    this.stream.write(`\r\x1b[2K${coloursFor(this.stream).dim(cut)}`);
    this.shown = true;
  }

  /** Takes the line away. */
  clear(): void {
    if (this.shown) this.stream.write("\r\x1b[2K");
    this.shown = false;
  }
}

/** `[=====>    ] 42 %  74 / 176 MB` */
export function progressBar(received: number, total: number | undefined, width = 24): string {
  const megabytes = (bytes: number) => Math.round(bytes / 1e6);
  if (!total) return `${megabytes(received)} MB`;
  const share = Math.min(1, received / total);
  const filled = Math.round(share * width);
  const bar = "=".repeat(filled) + " ".repeat(width - filled);
  return `[${bar}] ${Math.round(share * 100)} %  ${megabytes(received)} / ${megabytes(total)} MB`;
}
