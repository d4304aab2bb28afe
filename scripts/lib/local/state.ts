import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AdminCredentials } from "../keycloak/credentials.ts";
import { cacheDir } from "./cache-dir.ts";

/** Where the local run answers, for other commands of the same user while it runs. */
export interface LocalState {
  readonly pid: number;
  /** Keycloak's base URL. */
  readonly url: string;
  /** The demo MCP server's URL. */
  readonly resource: string;
  readonly version: string;
  readonly credentials: AdminCredentials;
}

const file = () => join(cacheDir(), "local.json");

/** Writes it down, readable for this user only. */
export function writeLocalState(state: LocalState): void {
  mkdirSync(cacheDir(), { recursive: true });
  rmSync(file(), { force: true }); // a new file, so that its mode is the one below
  writeFileSync(file(), JSON.stringify(state), { mode: 0o600 });
}

/** The running local run, or undefined where there is none. */
export function readLocalState(): LocalState | undefined {
  try {
    const state = JSON.parse(readFileSync(file(), "utf8")) as LocalState;
    process.kill(state.pid, 0); // throws where that process is gone
    return state;
  } catch {
    return undefined;
  }
}

/** Forgets it. */
export function removeLocalState(): void {
  rmSync(file(), { force: true });
}
