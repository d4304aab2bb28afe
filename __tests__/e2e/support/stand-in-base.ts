import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { cacheDir } from "../../../scripts/lib/local/cache-dir.ts";

const execute = promisify(execFile);

/** Why no image can be built here, or undefined where one can. */
export async function whyNoBuildah(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return "only root can";
  for (const program of ["buildah", "mmdebstrap", "unshare"])
    if (!(await execute(program, ["--version"]).catch(() => undefined))) return `${program} is not installed`;
  return undefined;
}

/** Builds images in a store of its own. */
export class Buildah {
  constructor(private readonly folder: string) {}

  /** Runs one command, and gives back what it says. */
  async run(...parameters: string[]): Promise<string> {
    const store = [
      "--storage-driver",
      "vfs",
      "--root",
      join(this.folder, "store"),
      "--runroot",
      join(this.folder, "run"),
    ];
    const { stdout } = await execute("buildah", [...store, ...parameters], { maxBuffer: 64 * 1024 * 1024 });
    return stdout.trim();
  }

  /**
   * Makes an image that has what matters of Keycloak's official one, which cannot be had everywhere: Java, a shell, the
   * distribution in its place, owned by the user 1000 of the group root, and the same entry point.
   * @returns its name
   */
  async standInBase(distribution: string): Promise<string> {
    const name = "localhost/stand-in";
    const container = await this.run("from", "scratch");
    await this.run("add", container, await debian(), "/");
    await this.run("add", "--chown", "1000:0", container, distribution, "/opt/keycloak");
    const prepare =
      "mkdir -p /opt/keycloak/data && chmod -R g+rwX /opt/keycloak && chown 1000:0 /opt/keycloak /opt/keycloak/data";
    await this.run("run", "--isolation", "chroot", container, "--", "sh", "-c", prepare);
    const env = Object.entries(BASE_ENV).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
    await this.run("config", "--user", "1000", "--entrypoint", '["/opt/keycloak/bin/kc.sh"]', ...env, container);
    await this.run("commit", "--quiet", container, name);
    await this.run("rm", container);
    return name;
  }
}

/** As in Keycloak's official image. */
export const BASE_ENV = { LANG: "C.UTF-8", KC_RUN_IN_CONTAINER: "true" };

/** A small Debian with Java as an archive, made once. */
async function debian(): Promise<string> {
  const archive = join(cacheDir(), "stand-in", "debian-java17.tar");
  if (existsSync(archive)) return archive;
  mkdirSync(dirname(archive), { recursive: true });
  await execute(
    "mmdebstrap",
    ["--quiet", "--variant=essential", "--include=openjdk-17-jre-headless", "bookworm", `${archive}.new.tar`],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  renameSync(`${archive}.new.tar`, archive);
  return archive;
}
