import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** What `npm run <name>` runs, of every script of package.json. */
export const SCRIPTS = (JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> })
  .scripts;

/** Whether a script is a command of the project, which has a `--help`. */
export function isCommand(name: string): boolean {
  return SCRIPTS[name] === `tsx scripts/${name}.ts` && existsSync(`scripts/${name}.ts`);
}

/** Shows the help of many scripts in one process: what takes long is to load what they all need. */
const SHOW = `
  const names = process.argv.slice(1);
  process.setMaxListeners(0);
  process.stdout.setMaxListeners(0);
  for (const name of names) {
    process.argv = [process.execPath, name, "--help"];
    process.stdout.write("\\f" + name + "\\n");
    await import(process.cwd() + "/scripts/" + name + ".ts");
  }`;

/** The options of commands, by their names, as their `--help` shows them. */
export async function optionsOfScripts(names: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const said = await run(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", SHOW, ...names]);
  const helps = said.split("\f").slice(1);
  return new Map(helps.map((help) => [help.slice(0, help.indexOf("\n")), optionsIn(help)]));
}

/** The options of a verb of cdktf; undefined where it has no such verb. */
export async function optionsOfVerb(verb: string): Promise<ReadonlySet<string> | undefined> {
  const said = await run("node_modules/.bin/cdktf", [verb, "--help"]);
  return new RegExp(`^cdktf ${verb}\\b`).test(said) ? optionsIn(said) : undefined;
}

function optionsIn(help: string): ReadonlySet<string> {
  return new Set([...help.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option!));
}

function run(program: string, parameters: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, COLUMNS: "200", NODE_OPTIONS: "", CHECKPOINT_DISABLE: "1" };
    execFile(program, parameters, { env }, (error, stdout) =>
      error ? reject(new Error(error.message)) : resolve(stdout),
    );
  });
}
