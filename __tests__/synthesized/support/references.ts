import { blocks, resources, type Block, type TerraformJson } from "./blocks.ts";

/** Whose references are bare, without `${}`. https://developer.hashicorp.com/terraform/language/syntax/json */
const BARE = ["depends_on", "replace_triggered_by"];

/**
 * The addresses that a text refers to in its `${}`, as a string in Terraform's JSON.
 * @throws Error where Terraform could not read the expression
 */
export function addressesIn(text: string): string[] {
  return expressions(text).flatMap((expression) => traversals(expression));
}

/** First parts of dotted names: `aws_lb.x.arn` is `aws_lb.x`, `data.aws_lb.x.arn` is `data.aws_lb.x`. */
function traversals(expression: string): string[] {
  const names = expression.matchAll(/(?<![\w.-])((?:data|ephemeral)\.)?([A-Za-z_][\w-]*)\.([A-Za-z_][\w-]*)/g);
  return [...names].map(([, kind = "", type, name]) => `${kind}${type}.${name}`);
}

/** What stands within `${}` and `%{}` of a template; quoted strings in it are emptied, and their own `${}` follow. */
function expressions(text: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; at++) {
    if (/^(\$\$|%%)\{/.test(text.slice(at, at + 3)))
      at += 2; // escaped: a text
    else if (/^[$%]\{/.test(text.slice(at, at + 2))) at = readExpression(text, at + 2, found);
  }
  return found;
}

/** Reads up to the brace that closes an expression, and returns where it is. */
function readExpression(text: string, start: number, found: string[]): number {
  let expression = "";
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    const character = text[at]!;
    if (character === "\\") break; // JSON.stringify has escaped the quotes of an expression: Terraform stops here
    if (character === '"') {
      const end = endOfString(text, at + 1);
      found.push(...expressions(text.slice(at + 1, end)));
      at = end;
      expression += '""';
      continue;
    }
    if (character === "{") depth++;
    if (character === "}" && --depth === 0) {
      found.push(expression);
      return at;
    }
    expression += character;
  }
  throw new Error(`Terraform cannot read the expression at ${JSON.stringify(text.slice(start - 2, start + 80))}`);
}

/** Where the string that begins here ends; a `${}` in it may hold quotes of its own. */
function endOfString(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (/^[$%]\{/.test(text.slice(at, at + 2)) && text[at - 1] !== text[at]) at = readExpression(text, at + 2, []);
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** What a block refers to, by expressions and by `depends_on`. */
export function references({ attributes }: Pick<Block, "attributes">): Set<string> {
  return new Set(collect(attributes));
}

function collect(value: unknown, key = ""): string[] {
  if (typeof value === "string") return BARE.includes(key) ? traversals(value) : addressesIn(value);
  if (Array.isArray(value)) return value.flatMap((entry) => collect(entry, key));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, entry]) => [...addressesIn(name), ...collect(entry, name)]);
}

/** References to what is not in the stack, as sentences. */
export function danglingReferences(json: TerraformJson): string[] {
  const all = blocks(json);
  const declared = new Set(
    all.filter(({ kind }) => kind !== "output" && kind !== "provider").map((one) => one.address),
  );
  return all.flatMap((one) =>
    [...references(one)]
      .filter((address) => !declared.has(address))
      .map((address) => `${one.address} refers to ${address}, which is not there`),
  );
}

/** A way from a block back to itself; Terraform could not tell which comes first. */
export function cycle(json: TerraformJson): string[] | undefined {
  const graph = new Map(blocks(json).map((one) => [one.address, references(one)]));
  const done = new Set<string>();
  const visit = (address: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(address)) return [...way.slice(way.indexOf(address)), address];
    if (done.has(address)) return undefined;
    for (const next of graph.get(address) ?? []) {
      const found = visit(next, [...way, address]);
      if (found) return found;
    }
    done.add(address);
    return undefined;
  };
  for (const address of graph.keys()) {
    const found = visit(address, []);
    if (found) return found;
  }
  return undefined;
}

/**
 * Resources that none of those refers to that could use them.
 * @param users types of resources, by the type that they use; other types are not looked at
 */
export function unused(json: TerraformJson, users: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(users).flatMap(([type, by]) => {
    const used = new Set(resources(json, ...by).flatMap((one) => [...references(one)]));
    return resources(json, type)
      .map((one) => one.address)
      .filter((address) => !used.has(address));
  });
}

/** Data sources and ephemeral resources that nothing refers to: they cost a request, for nothing. */
export function unread(json: TerraformJson): string[] {
  const all = blocks(json);
  const read = new Set(all.flatMap((one) => [...references(one)]));
  return all
    .filter(({ kind, address }) => (kind === "data" || kind === "ephemeral") && !read.has(address))
    .map((one) => one.address);
}

/** The address that a value stands for when it is nothing but a reference, such as `${aws_subnet.x.id}`. */
export function referenceOf(value: unknown): string | undefined {
  return typeof value === "string" && /^\$\{[\w.-]+\}$/.test(value) ? addressesIn(value)[0] : undefined;
}
