import { join } from "node:path";
import { UserError } from "../errors.ts";
import { cacheDir } from "./cache-dir.ts";
import { tryLock } from "./lock-file.ts";

/** The right to be the one local run of a cache directory. */
export interface Instance {
  /** Tells other runs where this one answers, once that is known. */
  readonly announce: (url: string) => Promise<void>;
  /** Lets another local run start; does nothing the second time. */
  readonly release: () => Promise<void>;
}

/**
 * Makes sure that only one local run uses a cache directory. A lock that a dead process left is taken over.
 * @param options.url where this run will answer, when that is known already
 * @throws UserError with the pid and URL of the run that is there
 */
export async function acquireInstance(options: { url?: string; cache?: string } = {}): Promise<Instance> {
  const cache = options.cache ?? cacheDir();
  const lock = await tryLock(join(cache, "local.lock"), options.url);
  if ("holder" in lock) {
    const { pid, note } = lock.holder;
    throw new UserError(
      `Another local run is there already: process ${pid}, ${note ?? "still starting"}. ` +
        `Use that one, end it (Ctrl-C in its terminal, or kill ${pid}), ` +
        "or set KEYCLOAK_MCP_CACHE to another directory to have two.",
    );
  }
  return { announce: lock.update, release: lock.release };
}
