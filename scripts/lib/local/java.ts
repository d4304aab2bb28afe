import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { UserError } from "../errors.ts";

/** The oldest Java that Keycloak runs on. https://www.keycloak.org/server/configuration */
export const MINIMUM_JAVA = 17;

/** A Java that can run Keycloak. */
export interface Java {
  /** What `JAVA_HOME` should be: the directory that holds `bin/java`. */
  readonly home: string;
  /** Feature release, such as 17. */
  readonly major: number;
  /** Full version, such as `17.0.15`. */
  readonly version: string;
}

type Found = Java & { readonly where: string };

/**
 * Finds Java: first `JAVA_HOME`, then every directory of `PATH`, and takes the first that is new enough.
 * @throws UserError when there is none, or when all are too old; it names what was found where
 */
export async function findJava(env: NodeJS.ProcessEnv = process.env): Promise<Java> {
  const seen: string[] = [];
  for (const { where, executable } of candidates(env)) {
    const found = await probe(executable, where);
    if (typeof found === "string") seen.push(found);
    else if (found && found.major >= MINIMUM_JAVA)
      return { home: found.home, major: found.major, version: found.version };
    else if (found) seen.push(`Java ${found.version} (${where})`);
  }
  const what = seen.length > 0 ? `found only ${[...new Set(seen)].join(", ")}` : "found none in JAVA_HOME or on PATH";
  throw new UserError(
    `Keycloak needs Java ${MINIMUM_JAVA} or newer, but ${what}. ` +
      `Install a JDK ${MINIMUM_JAVA} or 21 (for example Eclipse Temurin, or your system's openjdk package), ` +
      "or set JAVA_HOME to one, then run the command again.",
  );
}

function candidates(env: NodeJS.ProcessEnv): { where: string; executable: string }[] {
  const name = process.platform === "win32" ? "java.exe" : "java";
  const list: { where: string; executable: string }[] = [];
  if (env.JAVA_HOME) {
    const executable = join(env.JAVA_HOME, "bin", name);
    list.push({ where: `JAVA_HOME=${env.JAVA_HOME}`, executable });
  }
  for (const directory of (env.PATH ?? "").split(delimiter).filter(Boolean)) {
    const executable = join(directory, name);
    list.push({ where: executable, executable });
  }
  return list;
}

/** Asks one executable for its home and version. A string says why it is of no use; undefined: it is not there. */
async function probe(executable: string, where: string): Promise<Found | string | undefined> {
  try {
    await access(executable, constants.X_OK);
  } catch {
    return where.startsWith("JAVA_HOME=") ? `no java in ${where}` : undefined;
  }
  const output = await properties(executable);
  const property = (key: string) =>
    new RegExp(`^\\s*${key.replaceAll(".", "\\.")} = (.+?)\\s*$`, "m").exec(output)?.[1];
  const version = property("java.version");
  const home = property("java.home");
  // macOS has a /usr/bin/java that only says where to get one.
  if (!version || !home) return `a java that does not run (${where})`;
  // Up to Java 8 the specification version was "1.8".
  const major = Number((property("java.specification.version") ?? version).replace(/^1\./, "").split(".")[0]);
  return { home, version, major, where };
}

function properties(executable: string): Promise<string> {
  return new Promise((done) => {
    execFile(executable, ["-XshowSettings:properties", "-version"], { timeout: 20_000 }, (_error, stdout, stderr) =>
      done(`${stdout}\n${stderr}`),
    );
  });
}
