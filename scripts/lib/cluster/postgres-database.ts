import { execFile } from "node:child_process";
import { chown, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { messageOf, UserError } from "../errors.ts";
import type { Owner } from "./postgres-binaries.ts";

/** What a client needs to connect. */
export interface DatabaseAccess {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  /** Made for this run. */
  readonly password: string;
}

/** PostgreSQL refuses to be run by root: then it is run by `nobody`, whom every system has. */
export async function unprivilegedUser(): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const id = async (option: string) => Number((await promisify(execFile)("id", [option, "nobody"])).stdout);
  return { uid: await id("-u"), gid: await id("-g") };
}

/** The same on every machine, in every language; and PG… variables of the user must not lead it elsewhere. */
export const VARIABLES = { LC_ALL: "C", TZ: "UTC", PATH: process.env.PATH };

/**
 * Makes an empty database in the directory that holds PostgreSQL's programs.
 * @throws UserError in one line where that cannot be done
 * https://www.postgresql.org/docs/16/app-initdb.html
 */
export async function makeDatabase(
  directory: string,
  { user, password }: DatabaseAccess,
  owner?: Owner,
): Promise<void> {
  const passwordFile = join(directory, "password");
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (owner) await chown(passwordFile, owner.uid, owner.gid);
  const options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"];
  try {
    await promisify(execFile)(
      join(directory, "bin", "initdb"),
      [`--pgdata=${join(directory, "data")}`, `--username=${user}`, `--pwfile=${passwordFile}`, ...options],
      { env: VARIABLES, cwd: directory, ...owner },
    );
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === "EACCES")
      throw new UserError(
        `PostgreSQL cannot be run from ${directory}: set TMPDIR to a directory that allows programs.`,
      );
    throw new UserError(`PostgreSQL cannot be started: ${stderr?.trim().split("\n", 1)[0] || messageOf(error)}`);
  }
  await rm(passwordFile);
}
