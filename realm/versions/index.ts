import { keycloak26_4 } from "./26.4.ts";
import { keycloak26_7 } from "./26.7.ts";
import type { KeycloakLine } from "./line.ts";

export type { KeycloakLine } from "./line.ts";

/** Every release line that this project is tested with, oldest first. */
export const KEYCLOAK_LINES: readonly KeycloakLine[] = [keycloak26_4, keycloak26_7];

/** The release that an environment gets when it names none. */
export const DEFAULT_KEYCLOAK_VERSION = "26.7.3";

/**
 * The line of a Keycloak release.
 * @param version a full release number such as `26.7.3`
 * @returns undefined where the project does not know that line
 */
export function lineOf(version: string): KeycloakLine | undefined {
  return KEYCLOAK_LINES.find((line) => new RegExp(`^${line.name.replace(".", "\\.")}\\.\\d+$`).test(version));
}
