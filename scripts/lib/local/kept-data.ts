import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, UserError } from "../errors.ts";
import { throwawayPassword } from "./people.ts";

/** The first administrators of a local run's Keycloak. */
export interface LocalAdmin {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly password: string;
}

/** New administrators, with secrets that nobody has seen. */
export function newAdmin(): LocalAdmin {
  return {
    clientId: "local-run",
    clientSecret: randomBytes(24).toString("base64url"),
    username: "admin",
    password: throwawayPassword(),
  };
}

/** What `--keep-data` must know again: Keycloak makes administrators and issuer once, with the first start. */
export interface KeptRun {
  readonly admin: LocalAdmin;
  /** Keycloak's port. */
  readonly port: number;
  /** The demo MCP server's URL, which the realm's tokens are for. */
  readonly resource: string;
  /** Whether the realm was made as a whole; one that was interrupted is made anew. */
  readonly realmMade: boolean;
}

const FILE = "local-run.json";

/**
 * What an earlier run has written into its data directory.
 * @returns undefined where there was none
 * @throws UserError where the directory holds a database that nobody can log in to any more
 */
export function readKeptRun(directory: string): KeptRun | undefined {
  const file = join(directory, FILE);
  if (!existsSync(file)) {
    if (!existsSync(join(directory, "keycloak.mv.db"))) return undefined;
    throw new UserError(
      `${file} is missing, so nobody can log in to the data there. Remove ${directory} to begin anew.`,
    );
  }
  try {
    return JSON.parse(readFileSync(file, "utf8")) as KeptRun;
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${messageOf(error)}. Remove ${directory} to begin anew.`);
  }
}

/** Writes it down for the next run, readable for this user only. */
export function writeKeptRun(directory: string, run: KeptRun): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
  writeFileSync(join(directory, FILE), JSON.stringify(run), { mode: 0o600 });
}
