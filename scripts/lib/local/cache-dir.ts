import { homedir } from "node:os";
import { join, resolve } from "node:path";

/**
 * The directory that holds what the local run may fetch or build again: distributions, built copies, kept data.
 * It need not exist yet.
 *
 * `$KEYCLOAK_MCP_CACHE`, or else `keycloak-mcp-aws` in the user's cache directory: `$XDG_CACHE_HOME` (XDG Base Directory
 * Specification), `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows, `~/.cache`.
 *
 * @returns an absolute path
 */
export function cacheDir(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  // An empty variable counts as unset, as the XDG specification says.
  if (env.KEYCLOAK_MCP_CACHE) return resolve(env.KEYCLOAK_MCP_CACHE);
  return join(userCacheDir(env, platform), "keycloak-mcp-aws");
}

function userCacheDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (env.XDG_CACHE_HOME) return resolve(env.XDG_CACHE_HOME);
  const home = env.HOME || homedir();
  if (platform === "darwin") return join(home, "Library", "Caches");
  if (platform === "win32") return env.LOCALAPPDATA || join(home, "AppData", "Local");
  return join(home, ".cache");
}
