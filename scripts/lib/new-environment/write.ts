import { closeSync, existsSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { messageOf, UserError } from "../errors.ts";

/** The path of an environment's file, as people read it. */
export function shownPath(folder: string, name: string): string {
  return relative(process.cwd(), join(folder, `${name}.ts`));
}

/**
 * @throws UserError where the environment has a file already
 */
export function refuseExisting(folder: string, name: string): void {
  if (existsSync(join(folder, `${name}.ts`)))
    throw new UserError(
      `${shownPath(folder, name)} is there already, and is left as it is: choose another name, edit it, or remove it first.`,
    );
}

/**
 * Writes an environment's file whole or not at all, and never over another.
 * @param folder `environments/`
 * @throws UserError where there is one already, or it cannot be written
 */
export function writeEnvironment(folder: string, name: string, text: string): void {
  refuseExisting(folder, name);
  const file = join(folder, `${name}.ts`);
  const draft = join(folder, `.${name}.${process.pid}.tmp`); // no .ts: nobody must take it for an environment
  let claimed = false;
  try {
    writeFileSync(draft, text, { flag: "wx" });
    closeSync(openSync(file, "wx")); // claims the name: renaming alone would replace what came in between
    claimed = true;
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    if (claimed) rmSync(file, { force: true });
    if ((error as NodeJS.ErrnoException).code === "EEXIST") refuseExisting(folder, name);
    throw new UserError(`${shownPath(folder, name)} cannot be written: ${messageOf(error)}`);
  }
}
