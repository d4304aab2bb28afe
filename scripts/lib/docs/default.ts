import { isDeepStrictEqual } from "node:util";
import { code } from "./markdown.ts";
import type { Setting } from "./zod-types.ts";

/** What the table says of a default, and what is wrong with the comment about it. */
export interface DefaultInWords {
  readonly words: string;
  readonly problem?: string;
}

/**
 * The default of a setting. The schema's own is the truth; the comment's `@default` explains it, or stands in for one
 * that the code fills in later (by the stage, or from other settings).
 * @param section whether it has settings of its own
 */
export function defaultInWords(
  { optional, fallback }: Pick<Setting, "optional" | "fallback">,
  tag: string | undefined,
  section: boolean,
): DefaultInWords {
  const comment = tag === undefined ? undefined : readTag(tag);
  if (!optional)
    return {
      words: "required",
      ...(comment && { problem: `is required, but its comment says @default ${tag}: take that out` }),
    };
  if (fallback === undefined) return { words: comment ? inWords(comment) : "none" };
  const value = { value: fallback };
  if (!comment || !("value" in comment))
    return { words: section && isEmpty(fallback) ? "as below" : inWords({ ...value, ...comment }) };
  if (!isDeepStrictEqual(comment.value, fallback))
    return {
      words: "",
      problem: `its comment says @default ${tag}, but the schema's default is ${show(fallback)}: correct the comment`,
    };
  return { words: inWords(comment) };
}

/** A value, a remark about it, or both. */
interface Tag {
  readonly value?: unknown;
  readonly remark?: string;
}

/** Reads `"720h"`, `"720h" (30 days)`, or words. */
function readTag(tag: string): Tag {
  const [, literal = "", remark] = /^(.*?)(?: \((.*)\))?$/.exec(tag) ?? [];
  try {
    return { value: JSON.parse(literal) as unknown, ...(remark && { remark }) };
  } catch {
    return { remark: tag };
  }
}

function inWords(tag: Tag): string {
  const remark = tag.remark?.replace(/`[^`]*`|"[^"]*"/g, (quoted) => (quoted.startsWith("`") ? quoted : code(quoted))); // `"one-per-az"` in production
  if (!("value" in tag) || isEmpty(tag.value)) return remark ?? "none";
  return remark ? `${code(show(tag.value))} (${remark})` : code(show(tag.value));
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function show(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(show).join(", ")}]` : JSON.stringify(value);
}
