import { fileURLToPath } from "node:url";
import type { z } from "zod";
import { environmentSchema } from "../../../environments/schema/index.ts";
import { UserError } from "../errors.ts";
import { openComments, type Comment, type Comments } from "./comments.ts";
import { defaultInWords } from "./default.ts";
import { code, markdownTable } from "./markdown.ts";
import { withGenerated } from "./markers.ts";
import { objectsIn, settingOf, typeInWords, type ObjectShape } from "./zod-types.ts";

const SCHEMA = fileURLToPath(new URL("../../../environments/schema/index.ts", import.meta.url));

/**
 * Puts the tables of an environment's settings between their markers.
 * @throws Error where a text has no markers
 */
export function withSettings(text: string): string {
  const tables = settingsTables(environmentSchema, openComments(SCHEMA)("EnvironmentInput"));
  return withGenerated(text, "settings", `<!-- prettier-ignore-start -->\n\n${tables}\n\n<!-- prettier-ignore-end -->`);
}

/**
 * A table for each section, after one for the settings that are in none.
 * @param schema says what settings there are, of which type and with which default
 * @param comments what the source says about them
 * @throws UserError that lists every setting without a description, and every comment that contradicts the schema
 */
export function settingsTables(schema: z.ZodType, comments: Comments): string {
  const rows = objectsIn(schema).flatMap((object) => rowsOf(object, [comments]));
  const problems = rows.flatMap(({ path, problems }) => problems.map((problem) => `${path}: ${problem}`));
  if (problems.length > 0) throw new UserError(problems.join("\n"));

  const sections = new Map<string, Row[]>([[GENERAL, []]]);
  for (const row of rows) {
    const name = /^\w+/.exec(row.path)![0];
    if (row.section && row.path === name) sections.set(name, []);
    (sections.get(name) ?? sections.get(GENERAL)!).push(row);
  }
  return [...sections]
    .filter(([, { length }]) => length > 0)
    .map(([name, members]) => `## ${name === GENERAL ? name : code(name)}\n\n${tableOf(members)}`)
    .join("\n\n");
}

const GENERAL = "The environment itself";

interface Row {
  readonly path: string;
  readonly section: boolean;
  readonly type: string;
  readonly fallback: string;
  readonly description: string;
  readonly problems: readonly string[];
}

const UNDESCRIBED = "has no description: write a comment, /** ... */, above it in the schema";

function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ path, section, type, fallback, description }) => [
    section ? `**${code(path)}**` : code(path),
    type,
    fallback,
    description,
  ]);
  return markdownTable(["Setting", "Type", "Default", "Description"], cells);
}

/** The rows of an object's settings, each followed by those of the settings below it. */
function rowsOf({ shape, variant }: ObjectShape, candidates: readonly Comments[], parent = "", only = variant): Row[] {
  const [comments = new Map<string, Comment>(), twin] = candidates.filter((candidate) => isOf(candidate, shape));
  if (twin)
    throw new UserError(`${parent}: two variants have settings of the same names: comments cannot be told apart`);
  return Object.entries(shape).flatMap(([name, schema]) => {
    const comment = comments.get(name) ?? { description: "", objects: [] };
    const setting = settingOf(schema);
    const objects = objectsIn(schema);
    const path = parent ? `${parent}.${name}` : name;
    const section = objects.length > 0;
    const { words, problem } = defaultInWords(setting, comment.default, section);
    const row: Row = {
      path,
      section,
      type: typeInWords(schema),
      fallback: words,
      description: only ? `With ${code(only)}: ${comment.description}` : comment.description,
      problems: [...(comment.description ? [] : [UNDESCRIBED]), ...(problem ? [problem] : [])],
    };
    return [
      row,
      ...objects.flatMap((object) =>
        rowsOf(object, comment.objects, `${path}${object.suffix}`, object.variant ?? only),
      ),
    ];
  });
}

/** Whether comments are of this object, and not of another variant of it. */
function isOf(comments: Comments, shape: ObjectShape["shape"]): boolean {
  const names = Object.keys(shape);
  return names.length === comments.size && names.every((name) => comments.has(name));
}
