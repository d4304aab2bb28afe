import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** Where a page or a message points to. */
export interface Link {
  readonly line: number;
  /** As it is written: `operations.md#review-a-change`. */
  readonly target: string;
}

/** Code of a page. */
export interface Code {
  readonly line: number;
  readonly text: string;
  /** Of a span in a row of a table: the spans after it, in the same row. */
  readonly rest?: readonly string[];
}

/** The documents, relative to the project. */
export function pages(): string[] {
  const docs = readdirSync("docs", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".md"));
  return ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", ...docs.map((file) => join("docs", file)).sort()];
}

/** Blocks of code, but for diagrams, and spans of code. */
export function codeOf(markdown: string): Code[] {
  const blocks = [...markdown.matchAll(FENCE)].flatMap((match): Code[] =>
    match[1] === "mermaid" ? [] : [{ line: lineAt(markdown, match.index) + 1, text: match[2]! }],
  );
  const prose = withoutBlocks(markdown);
  const spans = [...prose.matchAll(/(?<!`)`([^`]+)`(?!`)/g)].map((match) => ({
    line: lineAt(prose, match.index),
    text: match[1]!.replaceAll(/\s+/g, " "),
  }));
  const rows = prose.split("\n").map((line) => line.startsWith("|"));
  const inRows = spans.map((span, index): Code => {
    const isFirst = spans[index - 1]?.line !== span.line;
    if (!rows[span.line - 1] || !isFirst) return span;
    return { ...span, rest: spans.slice(index + 1).flatMap(({ line, text }) => (line === span.line ? [text] : [])) };
  });
  return [...blocks, ...inRows];
}

/** Links of a page to files of the project. */
export function linksOf(markdown: string): Link[] {
  const prose = withoutBlocks(markdown).replaceAll(/`[^`]+`/g, "`code`");
  return [...prose.matchAll(/\]\(([^()\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)]
    .map((match) => ({ line: lineAt(prose, match.index), target: (match[1] ?? match[2])! }))
    .filter(({ target }) => !/^[a-z]+:/.test(target));
}

/**
 * What is wrong with where something points to.
 * @param from file that it stands in; paths are relative to its folder
 */
export function brokenLink(target: string, from: string): string | undefined {
  const [path, anchor] = target.split("#") as [string, string?];
  const file = path ? normalize(join(dirname(from), path)) : from;
  if (!existsSync(file)) return `there is no ${file}`;
  if (anchor === undefined) return undefined;
  return anchorsOf(readFileSync(file, "utf8")).includes(anchor) ? undefined : `${file} has no heading #${anchor}`;
}

/** Anchors that GitHub gives a page's headings. */
export function anchorsOf(markdown: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutBlocks(markdown).matchAll(/^#+ +(.+)$/gm)].map(([, heading]) => {
    const anchor = heading!
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times > 0 ? `${anchor}-${times}` : anchor;
  });
}

const FENCE = /^ *```(\w*)\n([^]*?)^ *```$/gm;

/** Lines stay where they are. */
function withoutBlocks(markdown: string): string {
  return markdown.replaceAll(FENCE, (block) => block.replaceAll(/[^\n]/g, ""));
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
