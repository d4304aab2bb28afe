import leven from "leven";
import { z } from "zod";

/**
 * Checks the content of an environment file.
 * @param content what the file exports
 * @returns the environment, or every error, each naming the setting, the value and what is allowed
 */
export function checkEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  content: unknown,
): { environment: z.output<Schema> } | { errors: string[] } {
  const result = schema.safeParse(content);
  if (result.success) return { environment: result.data };
  return { errors: result.error.issues.flatMap((issue) => explain(schema, content, issue)) };
}

type Path = readonly PropertyKey[];

function explain(schema: z.ZodType, content: unknown, issue: z.core.$ZodIssue): string[] {
  const value = valueAt(content, issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => {
        const allowed = keysAt(schema, issue.path);
        return `${label([...issue.path, key])}: no such setting${didYouMean(key, allowed)}; allowed: ${allowed.join(", ")}`;
      });
    case "invalid_value": {
      const allowed = issue.values.map(String);
      const given = value === undefined ? "is missing" : `${show(value)} is not allowed`;
      return [`${label(issue.path)}: ${given}${didYouMean(String(value), allowed)}; allowed: ${allowed.join(", ")}`];
    }
    case "invalid_type":
      return [
        value === undefined
          ? `${label(issue.path)}: is missing: write ${article(issue.expected)}`
          : `${label(issue.path)}: ${show(value)} is not ${article(issue.expected)}`,
      ];
    default:
      return [`${label(issue.path)}: ${withValue(value, issue.message)}`];
  }
}

/** Puts the value before a message that does not show it yet. */
function withValue(value: unknown, message: string): string {
  const shown = show(value);
  return value === undefined || typeof value === "object" || message.startsWith('"')
    ? message
    : `${shown} ${lowerFirst(message)}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function article(type: string): string {
  const name = { array: "list", record: "object", int: "whole number" }[type] ?? type;
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}

/** `mcpServers[1].scope` */
function label(path: Path): string {
  if (path.length === 0) return "(file)";
  return path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    "",
  );
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

function didYouMean(given: string, allowed: readonly string[]): string {
  const best = allowed
    .map((candidate) => ({ candidate, distance: leven(given.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return best && best.distance <= Math.max(2, Math.floor(given.length / 3))
    ? `, did you mean "${best.candidate}"?`
    : "";
}

function valueAt(content: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    content,
  );
}

/** The settings that the schema knows at a path; looks through defaults, optionals and transforms. */
function keysAt(schema: z.ZodType, path: Path): string[] {
  let current = unwrap(schema);
  for (const key of path) {
    if (current instanceof z.ZodArray) current = unwrap(current.element as z.ZodType);
    else if (current instanceof z.ZodObject) current = unwrap((current.shape as Record<PropertyKey, z.ZodType>)[key]!);
  }
  if (current instanceof z.ZodUnion)
    current = unwrap((current.options as z.ZodType[]).find((option) => option instanceof z.ZodObject) ?? current);
  return current instanceof z.ZodObject ? Object.keys(current.shape) : [];
}

function unwrap(schema: z.ZodType): z.ZodType {
  let current = schema;
  for (;;) {
    if (current instanceof z.ZodPipe) current = current.in as z.ZodType;
    else if (current instanceof z.ZodDefault || current instanceof z.ZodPrefault || current instanceof z.ZodOptional)
      current = current.unwrap() as z.ZodType;
    else return current;
  }
}
