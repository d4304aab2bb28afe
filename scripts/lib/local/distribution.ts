import { existsSync } from "node:fs";
import { access, mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { extract } from "tar";
import { messageOf, UserError } from "../errors.ts";
import { cacheDir } from "./cache-dir.ts";
import { diskFull, download, type DownloadOptions } from "./download.ts";
import { withLock } from "./lock-file.ts";
import { mavenUrl } from "./maven.ts";

/** How a distribution is got. */
export interface DistributionOptions extends Pick<DownloadOptions, "signal" | "retries" | "backoffMs" | "stallMs"> {
  /** Shows how far it is. `totalBytes` is undefined where the server does not say, and while it is unpacked. */
  readonly onProgress?: (progress: DistributionProgress) => void;
  /** Where it is kept. @default {@link cacheDir} */
  readonly cache?: string;
  /** Base URL of a Maven repository. @default `MAVEN_REPOSITORY_URL`, or else Maven Central */
  readonly repository?: string;
}

/** What is going on. */
export interface DistributionProgress {
  readonly phase: "downloading" | "unpacking";
  readonly receivedBytes: number;
  readonly totalBytes?: number;
}

/** A Keycloak distribution on this machine. */
export interface Distribution {
  /** The directory that holds `bin/kc.sh`. Shared by all runs: nothing may be written into it. */
  readonly home: string;
}

/**
 * Gets a release of Keycloak from a Maven repository, or finds it where an earlier call has put it; then nothing is
 * asked of the network. Several processes may call it at once: one works, the others wait.
 * @param version such as `26.7.3`
 * @throws UserError where it cannot be had; see {@link download}
 */
export async function ensureDistribution(version: string, options: DistributionOptions = {}): Promise<Distribution> {
  const folder = join(options.cache ?? cacheDir(), "distributions");
  const home = join(folder, `keycloak-${version}`);
  if (existsSync(home)) return { home };
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new UserError(`${folder} cannot be made: ${messageOf(error)}. Set KEYCLOAK_MCP_CACHE to another directory.`);
  });
  return withLock(`${home}.lock`, options.signal, async () => {
    if (existsSync(home)) return { home };
    await removeLeftovers(folder, version);
    const archive = `${home}.tar.gz`;
    if (!existsSync(archive))
      await download({
        ...options,
        url: await mavenUrl(
          { groupId: "org.keycloak", artifactId: "keycloak-quarkus-dist", version, extension: "tar.gz" },
          options.repository,
        ),
        to: archive,
        onProgress: (receivedBytes, totalBytes) =>
          options.onProgress?.({ phase: "downloading", receivedBytes, totalBytes }),
      });
    options.onProgress?.({ phase: "unpacking", receivedBytes: 0 });
    await unpack(archive, home, options.signal);
    await rm(archive, { force: true });
    return { home };
  });
}

/** Unpacks beside the place and moves it there, so that a distribution is there as a whole or not at all. */
async function unpack(archive: string, home: string, signal: AbortSignal | undefined): Promise<void> {
  const temporary = await mkdtemp(`${home}.new-`);
  try {
    await extract({ file: archive, cwd: temporary, strip: 1, strict: true });
    signal?.throwIfAborted();
    await access(join(temporary, "bin", "kc.sh"));
    await rename(temporary, home);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    signal?.throwIfAborted();
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOSPC" || code === "EDQUOT") throw diskFull(home, code);
    await rm(archive, { force: true });
    throw new UserError(
      `${archive} cannot be unpacked: ${messageOf(error)}. It has been removed: run the command again.`,
    );
  }
}

/** What a process that was killed while it unpacked has left. */
async function removeLeftovers(folder: string, version: string): Promise<void> {
  const stale = (await readdir(folder)).filter((name) => name.startsWith(`keycloak-${version}.new-`));
  await Promise.all(stale.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
