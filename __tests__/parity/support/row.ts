import { isDeepStrictEqual } from "node:util";
import type { EnvironmentName } from "./environments.ts";
import type { Found } from "./view.ts";

/** One setting of the article, or of its repository, and what has become of it. */
export interface Row {
  /** File and block, or heading of the article. */
  readonly source: string;
  /** Their argument; where one argument makes two rows, with what tells them apart. */
  readonly theirs: string;
  /** What they set it to, variables filled in. */
  readonly value: unknown;
  /** `same`: ours has their value. `changed`: it has another one. `dropped`: it has none. */
  readonly kind: "same" | "changed" | "dropped";
  /** The environment that shows it. */
  readonly environment: EnvironmentName;
  /** Where ours stands: an address of `view.ts`. */
  readonly ours: string;
  /** Undefined where dropped. */
  readonly expected?: unknown;
  /** Why it is not the same. */
  readonly because?: string;
}

/** A row before its section has said where it belongs. */
type Draft = Omit<Row, "source" | "environment" | "ours"> & { environment?: EnvironmentName; at: string };

/**
 * Ours is theirs.
 * @param at address, or path below the section's address. @default their argument
 */
export function same(theirs: string, value: unknown, at = theirs): Draft {
  return { theirs, value, kind: "same", expected: value, at };
}

/** Ours says the same in its own words: a reference to our block for theirs, a number as text, a list as several rules. */
export function sameAs(theirs: string, value: unknown, expected: unknown, at = theirs): Draft {
  return { theirs, value, kind: "same", expected, at };
}

/** Ours leaves it out, because theirs is what provider and server take by themselves. */
export function byDefault(theirs: string, value: unknown, at = theirs): Draft {
  return { theirs, value, kind: "same", expected: new Default(value), at };
}

/** Ours is deliberately another. */
export function changed(theirs: string, value: unknown, expected: unknown, because: string, at = theirs): Draft {
  return { theirs, value, kind: "changed", expected, because, at };
}

/** Ours has no such argument, or no such block where the address has no path. */
export function dropped(theirs: string, value: unknown, because: string, at = theirs): Draft {
  return { theirs, value, kind: "dropped", because, at };
}

/** Shows a row on another environment than its section. */
export function on(environment: EnvironmentName, draft: Draft): Draft {
  return { ...draft, environment };
}

/**
 * The rows of one block of theirs.
 * @param address what the rows' paths are below; empty where all of them name their own
 */
export function section(
  source: string,
  address: string,
  drafts: readonly Draft[],
  environment: EnvironmentName = "production",
): Row[] {
  return drafts.map(({ at, ...draft }) => ({
    source,
    environment,
    ...draft,
    ours: at.includes(" ") ? at : `${address}: ${at}`,
  }));
}

/**
 * The rows of one block of theirs of whose kind ours has none.
 * @param address the names of all such blocks, such as `random_password *`
 * @param settings their arguments
 */
export function missing(
  source: string,
  address: string,
  because: string,
  settings: Readonly<Record<string, unknown>>,
  environment?: EnvironmentName,
): Row[] {
  const drafts = Object.entries(settings).map(([theirs, value]) => dropped(theirs, value, because, address));
  return section(source, "", drafts, environment);
}

/** What jest calls a row; no other row has the same. */
export function idOf({ source, theirs }: Row): string {
  return `${source} — ${theirs}`;
}

/** Nothing is set, or exactly this. */
export class Default {
  constructor(readonly value: unknown) {}
}

/** Nothing but text that holds this. */
export class Text {
  constructor(readonly part: string) {}
}

/** A list with this in it. */
export class Including {
  constructor(readonly entry: unknown) {}
}

/** What is wrong with what was found at a row's address; undefined where nothing is. */
export function problemOf({ kind, expected, ours }: Row, { found, value }: Found): string | undefined {
  if (!found) return `${ours}: there is no such block`;
  const is = `${ours} is ${JSON.stringify(value)}`;
  if (kind === "dropped") return value === undefined ? undefined : `${is}, not absent`;
  return matches(expected, value) ? undefined : `${is}, not ${shown(expected)}`;
}

function matches(expected: unknown, value: unknown): boolean {
  if (expected instanceof Default) return value === undefined || isDeepStrictEqual(value, expected.value);
  if (expected instanceof Text) return typeof value === "string" && value.includes(expected.part);
  if (expected instanceof Including) return Array.isArray(value) && value.includes(expected.entry);
  if (Array.isArray(expected))
    return (
      Array.isArray(value) && value.length === expected.length && expected.every((one, i) => matches(one, value[i]))
    );
  return isDeepStrictEqual(value, expected);
}

/** An expected value, or one of theirs, for people. */
export function shown(value: unknown): string {
  if (value instanceof Default) return `${shown(value.value)} by default`;
  if (value instanceof Text) return `… ${value.part} …`;
  if (value instanceof Including) return `[…, ${shown(value.entry)}, …]`;
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
