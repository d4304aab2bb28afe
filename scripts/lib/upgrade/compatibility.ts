import { execFile } from "node:child_process";
import { constants, existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../errors.ts";
import { ensureDistribution } from "../local/distribution.ts";
import type { Java } from "../local/java.ts";
import { keycloakVariables } from "../local/keycloak-build.ts";

/** A Keycloak, as far as it matters for whether two of them may run at once. */
export interface KeycloakSetup {
  /** Release, such as `26.7.3`. */
  readonly version: string;
  /** Parameters of `kc.sh build`. */
  readonly buildOptions: readonly string[];
  /** Options for the start, by environment variable (`KC_…`); secrets do not matter. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Whether a deployment may have both at once, as Keycloak itself says. */
export interface Compatibility {
  readonly rolling: boolean;
  /** What is incompatible, in Keycloak's words, such as `'keycloak.version' is incompatible: 26.4.5 -> 26.7.3.` */
  readonly reasons: readonly string[];
}

/** What a comparison needs. */
export interface CompatibilityOptions {
  readonly java: Java;
  readonly signal: AbortSignal;
}

/**
 * Asks Keycloak's own `update-compatibility` whether nodes of two set-ups can be in one cluster for the time of a rolling
 * update. https://www.keycloak.org/server/update-compatibility
 * @throws UserError where a release cannot be had, or has no such command
 */
export async function compareSetups(
  from: KeycloakSetup,
  to: KeycloakSetup,
  options: CompatibilityOptions,
): Promise<Compatibility> {
  const folder = await mkdtemp(join(tmpdir(), "upgrade-check-"));
  const metadata = join(folder, "metadata.json");
  try {
    const written = await run(from, ["metadata", `--file=${metadata}`], folder, options);
    if (written.code !== 0 || !existsSync(metadata))
      throw new UserError(
        `Keycloak ${from.version} cannot describe itself (update-compatibility metadata): ${written.said}`,
      );
    const { code, said } = await run(to, ["check", `--file=${metadata}`], folder, options);
    // 0: a rolling update; 3: all nodes must be stopped first. 4: the command is switched off in that release.
    if (code !== 0 && code !== 3)
      throw new UserError(
        `Keycloak ${to.version} cannot compare itself (update-compatibility check, exit ${code}): ${said}`,
      );
    return { rolling: code === 0, reasons: reasonsIn(said.replaceAll(`${folder}/keycloak/bin/..`, "/opt/keycloak")) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Runs the command in a copy of the distribution, since it builds anew for its options. Both have the same path in turn:
 * Keycloak 26.4 has paths in its description, and finds another one incompatible.
 */
async function run(
  { version, buildOptions, variables }: KeycloakSetup,
  parameters: readonly string[],
  folder: string,
  { java, signal }: CompatibilityOptions,
): Promise<{ code: number; said: string }> {
  const { home } = await ensureDistribution(version, { signal });
  const copy = join(folder, "keycloak");
  await rm(copy, { recursive: true, force: true });
  await cp(home, copy, { recursive: true, mode: constants.COPYFILE_FICLONE });
  try {
    const { stdout, stderr } = await promisify(execFile)(
      join(copy, "bin", "kc.sh"),
      ["update-compatibility", ...parameters, ...buildOptions],
      { env: keycloakVariables(java, comparable(variables)), signal, maxBuffer: 16 << 20 },
    );
    return { code: 0, said: stdout + stderr };
  } catch (error) {
    signal.throwIfAborted();
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== "number") throw error;
    return { code, said: `${stdout}${stderr}`.trim().split("\n").slice(-15).join("\n") };
  }
}

/** Without the first administrator: Keycloak refuses a name without its password, and neither matters here. */
function comparable(variables: KeycloakSetup["variables"]): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith("KC_BOOTSTRAP_")));
}

/** Lines such as `[keycloak] Rolling Update is not available. 'keycloak.version' is incompatible: 26.4.5 -> 26.7.3.` */
function reasonsIn(text: string): string[] {
  return [...text.matchAll(/Rolling Update is not available\. (.+?\.)\]?$/gm)].map((match) => match[1]!);
}
