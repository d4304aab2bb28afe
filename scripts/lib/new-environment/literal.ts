/** Columns of a line, as `.prettierrc.json` has it. */
const WIDTH = 120;

/** What a literal is made of. */
export type Literal = string | number | boolean | readonly Literal[] | { readonly [key: string]: Literal | undefined };

/**
 * A setting as a member of an object literal, as prettier writes it: on one line where it fits, else broken up.
 * @param indent blanks before the key
 * @returns lines, without the indent before the first, with the comma
 */
export function member(key: string, value: Literal, indent: number): string {
  const name = `${keyText(key)}:`;
  const fitting = `${name} ${flat(value)},`;
  if (indent + fitting.length <= WIDTH) return fitting;
  if (typeof value === "string") return `${name}\n${" ".repeat(indent + 2)}${quoted(value)},`;
  return `${name} ${broken(value, indent)},`;
}

/** A member of a list; see {@link member}. */
export function element(value: Literal, indent: number): string {
  const fitting = `${flat(value)},`;
  return indent + fitting.length <= WIDTH ? fitting : `${broken(value, indent)},`;
}

/** A value on one line. */
export function flat(value: Literal): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object") return String(value);
  if (isList(value)) return `[${value.map(flat).join(", ")}]`;
  const members = entries(value).map(([key, inner]) => `${keyText(key)}: ${flat(inner)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function broken(value: Literal, indent: number): string {
  if (typeof value !== "object") return flat(value);
  const inner = " ".repeat(indent + 2);
  if (isList(value))
    return `[\n${value.map((part) => `${inner}${element(part, indent + 2)}\n`).join("")}${" ".repeat(indent)}]`;
  const members = entries(value).map(([key, part]) => `${inner}${member(key, part, indent + 2)}\n`);
  return `{\n${members.join("")}${" ".repeat(indent)}}`;
}

function entries(value: { readonly [key: string]: Literal | undefined }): [string, Literal][] {
  return Object.entries(value).filter((entry): entry is [string, Literal] => entry[1] !== undefined);
}

function isList(value: Literal): value is readonly Literal[] {
  return Array.isArray(value);
}

function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
}

/** A string in the quotes that need fewer escapes. */
function quoted(text: string): string {
  const count = (mark: string) => text.split(mark).length;
  const json = JSON.stringify(text);
  return count('"') > count("'") ? `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'` : json;
}
