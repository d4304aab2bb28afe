import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DockerfileParser, ModifiableInstruction } from "dockerfile-ast";
import { IMAGE_FOLDER } from "../../../keycloak-image/content.ts";

/** One instruction, with the values of arguments filled in. */
export interface Instruction {
  readonly keyword: string;
  /** `--from=build` is `{ from: "build" }`. */
  readonly flags: Readonly<Record<string, string>>;
  readonly parameters: readonly string[];
  /** All behind the keyword and its flags. */
  readonly text: string;
}

/** A stage: what it is based on, and what is done. */
export interface Stage {
  readonly base: string;
  readonly platform?: string;
  readonly name?: string;
  readonly instructions: readonly Instruction[];
}

/**
 * Reads the project's Dockerfile as an engine does.
 * @param given values for its arguments, as by `--build-arg`
 */
export function readDockerfile(given: Readonly<Record<string, string>> = {}): Stage[] {
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  const global = new Map<string, string>();
  let values = new Map<string, string>();
  for (const raw of DockerfileParser.parse(readFileSync(join(IMAGE_FOLDER, "Dockerfile"), "utf8")).getInstructions()) {
    const flags = raw instanceof ModifiableInstruction ? flagsOf(raw) : {};
    const text = (raw.getRawArgumentsContent() ?? "").replaceAll(/\\\n\s*/g, " ");
    const filled = fill(text, values.size > 0 ? values : global);
    const keyword = raw.getKeyword();
    if (keyword === "ARG") {
      const [, name, quoted] = /^(\w+)(?:=(.*))?$/s.exec(filled)!;
      const value = given[name!] ?? quoted?.replace(/^"(.*)"$/s, "$1") ?? global.get(name!);
      if (value === undefined) throw new Error(`ARG ${name} has no value`);
      (stages.length === 0 ? global : values).set(name!, value);
      continue;
    }
    if (keyword === "FROM") {
      values = new Map();
      const [base, , name] = fill(text, global).split(/\s+/);
      stages.push({ base: base!, platform: flags.platform, name, instructions: [] });
      continue;
    }
    const parameters = filled.startsWith("[") ? (JSON.parse(filled) as string[]) : filled.split(/\s+/);
    stages.at(-1)!.instructions.push({ keyword, flags, parameters, text: filled });
  }
  return stages;
}

/** The default value of an argument, as it stands in the file. */
export function defaultOf(argument: string): string | undefined {
  const text = readFileSync(join(IMAGE_FOLDER, "Dockerfile"), "utf8");
  return new RegExp(`^ARG ${argument}="?([^"\\n]*)"?$`, "m").exec(text)?.[1];
}

function flagsOf(instruction: ModifiableInstruction): Record<string, string> {
  return Object.fromEntries(instruction.getFlags().map((flag) => [flag.getName(), flag.getValue() ?? ""]));
}

function fill(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => values.get(name) ?? whole);
}
