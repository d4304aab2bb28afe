import { readdirSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import leven from "leven";
import { messageOf, UserError } from "../scripts/lib/errors.ts";
import { checkEnvironment } from "./schema/explain.ts";
import { environmentSchema, type Environment } from "./schema/index.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const NOT_ENVIRONMENTS = new Set(["index.ts", "template.ts"]);

/**
 * Loads and checks every environment file of a folder.
 * @param folder holds one `<name>.ts` per environment. @default the project's `environments/`
 * @returns the environments, sorted by name
 * @throws UserError that lists every error of every file
 */
export async function loadEnvironments(folder = HERE): Promise<Environment[]> {
  const loaded = await Promise.all(environmentNames(folder).map((name) => loadFile(folder, `${name}.ts`)));
  const errors = loaded.flatMap((result) => ("errors" in result ? result.errors : []));
  if (errors.length > 0) throw new UserError(errors.join("\n"));
  return loaded
    .flatMap((result) => ("environment" in result ? [result.environment] : []))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * Loads one environment; errors in the files of others do not matter.
 * @throws UserError where there is none of that name, or its file has errors
 */
export async function loadEnvironment(name: string, folder = HERE): Promise<Environment> {
  const names = environmentNames(folder);
  if (!names.includes(name)) {
    const near = names.find((candidate) => leven(candidate, name) <= 2);
    throw new UserError(
      `There is no environment "${name}"${near ? `, did you mean "${near}"?` : "."} There are: ${names.join(", ")}. ` +
        `To make one: npm run new-environment -- ${/^[\w-]+$/.test(name) ? name : "<name>"}`,
    );
  }
  const result = await loadFile(folder, `${name}.ts`);
  if ("errors" in result) throw new UserError(result.errors.join("\n"));
  return result.environment;
}

/** The environments that a folder has files for. */
export function environmentNames(folder = HERE): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts") && !NOT_ENVIRONMENTS.has(file))
    .map((file) => basename(file, ".ts"))
    .sort();
}

type Loaded = { environment: Environment } | { errors: string[] };

async function loadFile(folder: string, file: string): Promise<Loaded> {
  const shown = join(relative(process.cwd(), folder) || ".", file);
  let content: { default?: unknown };
  try {
    content = (await import(pathToFileURL(join(folder, file)).href)) as { default?: unknown };
  } catch (error) {
    return { errors: [`${shown}: cannot be read: ${messageOf(error)}`] };
  }
  if (content.default === undefined)
    return { errors: [`${shown}: has no default export: write "export default defineEnvironment({ ... })"`] };
  const result = checkEnvironment(environmentSchema, content.default);
  if ("errors" in result) return { errors: result.errors.map((error) => `${shown}: ${error}`) };
  const { name } = result.environment;
  const own = basename(file, ".ts");
  // A copy that kept its name would be the other environment to every command, and share its stacks.
  if (name !== own)
    return {
      errors: [`${shown}: name: "${name}" must be the file's own name, "${own}", because commands find the file by it`],
    };
  return { environment: result.environment };
}
