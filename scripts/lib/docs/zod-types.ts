import type { z } from "zod";
import { code } from "./markdown.ts";

type Schema = z.core.$ZodType;

/** A schema without what surrounds it, and what that says about leaving the setting out. */
export interface Setting {
  readonly schema: z.core.$ZodTypes;
  readonly optional: boolean;
  /** The value where it is left out, as an environment file would write it. */
  readonly fallback?: unknown;
}

/** Looks through defaults, optionals and transforms. */
export function settingOf(schema: Schema): Setting {
  let current = schema as z.core.$ZodTypes;
  let setting: Omit<Setting, "schema"> = { optional: false };
  for (;;) {
    const { def } = current._zod;
    switch (def.type) {
      case "default":
      case "prefault":
        setting = { fallback: def.defaultValue, ...setting, optional: true };
        break;
      case "optional":
        setting = { ...setting, optional: true };
        break;
      case "pipe":
        current = def.in as z.core.$ZodTypes;
        continue;
      default:
        return { schema: current, ...setting };
    }
    current = def.innerType as z.core.$ZodTypes;
  }
}

/** One kind of object that a setting may be or hold. */
export interface ObjectShape {
  readonly shape: Readonly<Record<string, Schema>>;
  /** Tells it from the others; undefined where there is no choice. */
  readonly variant?: string;
  /** What is behind the name of the setting in paths: `[]` in a list. */
  readonly suffix: string;
}

/** The objects that a setting may be or hold: none for a plain value, several for a union of them. */
export function objectsIn(schema: Schema): ObjectShape[] {
  const { def } = settingOf(schema).schema._zod;
  const within = (inner: Schema, suffix: string) =>
    objectsIn(inner).map((object) => ({ ...object, suffix: suffix + object.suffix }));
  if (def.type === "object") return [{ shape: def.shape, suffix: "" }];
  if (def.type === "array") return within(def.element, "[]");
  if (def.type === "record") return within(def.valueType, ".<name>");
  if (def.type === "union")
    return def.options.flatMap((option) =>
      objectsIn(option).map((object) => ({ variant: variantName(object.shape), ...object })),
    );
  return [];
}

/** `{ kind: "own" }` where a literal tells the variants apart, or else what it requires: `{ hosts }`. */
function variantName(shape: ObjectShape["shape"]): string {
  const settings = Object.entries(shape).map(([name, schema]) => ({ name, ...settingOf(schema) }));
  const literal = settings.find(({ schema }) => schema._zod.def.type === "literal");
  if (literal) return `{ ${literal.name}: ${choices(literal.schema).join(" | ")} }`;
  const required = settings.filter(({ optional }) => !optional);
  return `{ ${(required.length > 0 ? required : settings).map(({ name }) => name).join(", ")} }`;
}

/**
 * The type of a setting in words. It comes from the schema and not from its TypeScript type, because the compiler
 * orders a union as it met its members, which changes with files that have nothing to do with it.
 */
export function typeInWords(schema: Schema): string {
  const { schema: inner } = settingOf(schema);
  const { def } = inner._zod;
  switch (def.type) {
    case "string":
    case "boolean":
      return def.type;
    case "number":
      return `${(inner as z.ZodNumber).isInt ? "whole number" : "number"}${range(def)}`;
    case "enum":
    case "literal":
      return shortened(choices(inner));
    case "object":
      return "settings";
    case "record":
      return `object of ${manyInWords(def.valueType)}`;
    case "array":
      return `list of ${manyInWords(def.element)}`;
    case "union":
      return def.options.map((option) => optionInWords(option)).join(" or ");
    default:
      throw new Error(`npm run docs has no words for zod's type "${def.type}": add them to typeInWords`);
  }
}

function optionInWords(schema: Schema): string {
  const { def } = settingOf(schema).schema._zod;
  return def.type === "object" ? code(variantName(def.shape)) : typeInWords(schema);
}

function choices({ _zod: { def } }: z.core.$ZodTypes): string[] {
  const values = def.type === "enum" ? Object.values(def.entries) : def.type === "literal" ? def.values : [];
  return values.map((value) => (typeof value === "string" ? JSON.stringify(value) : String(value)));
}

const MAX_LENGTH = 100;

/** Not every Region of AWS: the first ones show what the values look like, and the editor offers the others. */
function shortened(values: readonly string[]): string {
  const whole = values.join(" | ");
  if (whole.length <= MAX_LENGTH) return code(whole);
  return `${code([...values.slice(0, 2), "…", values.at(-1)].join(" | "))} (${values.length} values)`;
}

/** ` (1 to 35)`, ` (over 0)`, or nothing. */
function range({ checks = [] }: z.core.$ZodNumberDef): string {
  const limits = checks.map((check) => check._zod.def as z.core.$ZodCheckGreaterThanDef | z.core.$ZodCheckLessThanDef);
  const min = limits.find(({ check }) => check === "greater_than");
  const max = limits.find(({ check }) => check === "less_than");
  if (min?.inclusive && max?.inclusive) return ` (${String(min.value)} to ${String(max.value)})`;
  const words = [
    min && (min.inclusive ? `${String(min.value)} or more` : `over ${String(min.value)}`),
    max && (max.inclusive ? `${String(max.value)} or less` : `under ${String(max.value)}`),
  ].filter((word) => word !== undefined);
  return words.length > 0 ? ` (${words.join(" and ")})` : "";
}

/** The members of a list: `strings`, `("a" or number)`. */
function manyInWords(member: Schema): string {
  const words = typeInWords(member);
  if (settingOf(member).schema._zod.def.type === "union") return `(${words})`;
  return words.replace(/^(string|number|whole number|boolean)\b/, "$1s");
}
