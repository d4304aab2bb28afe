import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { constants, existsSync } from "node:fs";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../errors.ts";
import { cacheDir } from "./cache-dir.ts";
import { diskFull } from "./download.ts";
import type { Java } from "./java.ts";
import { withLock } from "./lock-file.ts";

/** What a built copy is made for. */
export interface BuildRequest {
  /** The distribution, which stays as it is. */
  readonly home: string;
  readonly java: Java;
  /** Parameters of `kc.sh build`. */
  readonly options: readonly string[];
  readonly signal?: AbortSignal;
  /** Where built copies are kept. @default {@link cacheDir} */
  readonly cache?: string;
}

/**
 * A copy of the distribution that `kc.sh build` has optimized; made once for each set of options.
 * @returns the directory that holds `bin/kc.sh`
 * @throws UserError where the build fails, with what Keycloak said
 */
export async function ensureBuilt(request: BuildRequest): Promise<string> {
  const { home, options: parameters, signal } = request;
  const key = createHash("sha256").update(JSON.stringify(parameters)).digest("hex").slice(0, 12);
  const built = join(request.cache ?? cacheDir(), "built", `${basename(home)}-${key}`);
  if (existsSync(built)) return built;
  await mkdir(join(built, ".."), { recursive: true });
  return withLock(`${built}.lock`, signal, async () => {
    if (existsSync(built)) return built;
    const temporary = `${built}.new`;
    await rm(temporary, { recursive: true, force: true }); // of a build that was killed
    try {
      await cp(home, temporary, { recursive: true, mode: constants.COPYFILE_FICLONE });
      await promisify(execFile)(join(temporary, "bin", "kc.sh"), ["build", ...parameters], {
        env: keycloakVariables(request.java),
        signal,
      });
      await rename(temporary, built);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      signal?.throwIfAborted();
      const { code, stdout, stderr } = error as NodeJS.ErrnoException & { stdout?: string; stderr?: string };
      if (code === "ENOSPC" || code === "EDQUOT") throw diskFull(built, code);
      if (stdout === undefined) throw error;
      throw new UserError(`Keycloak cannot be built (kc.sh build ${parameters.join(" ")}):\n${stdout}${stderr}`.trim());
    }
    return built;
  });
}

/** Variables for kc.sh: those of the user, without any that would change what Keycloak does. */
export function keycloakVariables(java: Java, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(KC_|KEYCLOAK_|QUARKUS_|JAVA$|JAVA_OPTS|DEBUG)/.test(name),
  );
  // A server that lives for minutes is up sooner without the compiler for servers that live for months.
  return { ...Object.fromEntries(own), JAVA_HOME: java.home, JAVA_OPTS_APPEND: "-XX:TieredStopAtLevel=1", ...more };
}
