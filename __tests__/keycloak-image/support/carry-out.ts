import { execFile } from "node:child_process";
import { chmodSync, constants, cpSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Instruction, Stage } from "./dockerfile.ts";

/** Where Keycloak is in the image. */
const KEYCLOAK_HOME = "/opt/keycloak";

/** What the steps are carried out with. */
export interface CarryOut {
  /** Folder that the engine would be given. */
  readonly context: string;
  /** A distribution, in the place of the base image's. */
  readonly distribution: string;
  /** An empty folder to work in. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Carries out what a Dockerfile's stages do to Keycloak's directory: COPY, ADD of a local file, RUN. There is no other
 * processor, user or root directory here; what else the file says is read by dockerfile.test.ts.
 * @returns Keycloak's directory in the last stage
 */
export async function carryOut(stages: readonly Stage[], { context, distribution, folder, env }: CarryOut) {
  const homes = new Map<string, string>();
  let home = "";
  for (const [index, { name, instructions }] of stages.entries()) {
    home = join(folder, name ?? String(index));
    cpSync(distribution, home, { recursive: true, mode: constants.COPYFILE_FICLONE, preserveTimestamps: true });
    const here = home;
    const inImage = (path: string, root = here) => {
      if (!path.startsWith(KEYCLOAK_HOME)) throw new Error(`${path} is not in ${KEYCLOAK_HOME}`);
      return join(root, path.slice(KEYCLOAK_HOME.length));
    };
    for (const step of instructions) {
      if (step.keyword === "RUN") await run(step, here, env);
      if (step.keyword !== "COPY" && step.keyword !== "ADD") continue;
      const [source, target] = step.parameters as [string, string];
      const from = step.flags.from ? inImage(source, homes.get(step.flags.from)) : join(context, source);
      if (!existsSync(from)) throw new Error(`${step.keyword} ${source}: there is none`);
      mkdirSync(dirname(inImage(target)), { recursive: true });
      cpSync(from, inImage(target), { recursive: true, preserveTimestamps: true });
      if (step.flags.chmod) chmodSync(inImage(target), parseInt(step.flags.chmod, 8));
    }
    if (name) homes.set(name, home);
  }
  return home;
}

async function run({ text }: Instruction, home: string, env: NodeJS.ProcessEnv): Promise<void> {
  await promisify(execFile)("/bin/sh", ["-c", text.replaceAll(KEYCLOAK_HOME, home)], { env });
}
