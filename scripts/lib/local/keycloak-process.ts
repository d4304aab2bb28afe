import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import axios from "axios";
import { READY_PATH, RELATIVE_PATH } from "../../../keycloak-image/settings.ts";
import { messageOf, UserError } from "../errors.ts";
import { keycloakVariables } from "./keycloak-build.ts";
import type { Java } from "./java.ts";
import { startServerProcess, type ServerProcess } from "./server-process.ts";

/** How Keycloak is started. */
export interface KeycloakOptions {
  /** A built copy of the distribution. */
  readonly home: string;
  readonly java: Java;
  readonly port: number;
  readonly managementPort: number;
  /** Where people reach it, through a proxy that sets X-Forwarded headers. @default http://localhost:<port>/auth */
  readonly publicUrl?: string;
  /** Where realms and users are kept: in memory, or in a directory of its own. */
  readonly data: { readonly kind: "memory" } | { readonly kind: "directory"; readonly path: string };
  /** The first administrators; Keycloak makes them when its database is empty, and ignores them later. */
  readonly admin: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly username?: string;
    readonly password?: string;
  };
  /** Gets what Keycloak says. */
  readonly logFile: string;
  readonly signal?: AbortSignal;
}

/** A Keycloak that answers. */
export interface RunningKeycloak {
  /** Base URL, relative path included: `http://localhost:<port>/auth`. */
  readonly url: string;
  /** Rejects when it ends by itself. */
  readonly failed: Promise<never>;
  /** Ends it, and waits until it has ended. */
  stop(): Promise<void>;
}

/** Seconds for an orderly end; while Keycloak boots it does not listen. Its database survives being killed. */
const PATIENCE = 5;

/**
 * Starts Keycloak on the loopback interface, and waits until it can be used.
 * @throws UserError with the end of its log where it does not start; nothing is left running
 */
export async function startKeycloak(options: KeycloakOptions): Promise<RunningKeycloak> {
  const { home, port, admin, logFile, signal } = options;
  const server = startServerProcess({
    file: join(home, "bin", "kc.sh"),
    parameters: parameters(options),
    env: keycloakVariables(options.java, bootstrapVariables(admin)),
    logFile,
    patience: PATIENCE,
  });
  const failed = server.failed.catch((error: unknown): never => {
    throw new UserError(`Keycloak ${messageOf(error)}. ${whatItSaid(server, logFile, port)}`);
  });
  failed.catch(() => undefined); // whoever waits for it hears of it
  try {
    await waitUntilUsable(port, failed, signal);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { url: `http://localhost:${port}${RELATIVE_PATH}`, failed, stop: () => server.stop() };
}

/** Variables that tell Keycloak its first administrators: arguments would be visible to every user of the machine. */
export function bootstrapVariables(admin: KeycloakOptions["admin"]): Record<string, string> {
  return {
    KC_BOOTSTRAP_ADMIN_CLIENT_ID: admin.clientId,
    KC_BOOTSTRAP_ADMIN_CLIENT_SECRET: admin.clientSecret,
    ...(admin.username && { KC_BOOTSTRAP_ADMIN_USERNAME: admin.username }),
    ...(admin.password && { KC_BOOTSTRAP_ADMIN_PASSWORD: admin.password }),
  };
}

/** https://www.keycloak.org/server/all-config */
function parameters({ port, managementPort, publicUrl, data }: KeycloakOptions): string[] {
  // NON_KEYWORDS: Keycloak has a column of that name, which H2 would take for a keyword.
  const database = data.kind === "memory" ? "mem:keycloak;DB_CLOSE_DELAY=-1" : `file:${join(data.path, "keycloak")}`;
  return [
    "start",
    "--optimized",
    `--db-url=jdbc:h2:${database};NON_KEYWORDS=VALUE`,
    "--cache=local",
    "--http-enabled=true",
    "--http-host=127.0.0.1",
    `--http-port=${port}`,
    `--http-management-port=${managementPort}`,
    // Tokens carry this issuer whatever name a client uses.
    `--hostname=${publicUrl ?? `http://localhost:${port}${RELATIVE_PATH}`}`,
    ...(publicUrl ? ["--proxy-headers=xforwarded"] : []),
  ];
}

/**
 * Waits until the Keycloak on a port can be used: from 26.7 on HTTP answers 503 long before.
 * @param failed rejects when that Keycloak has ended; so does this then
 */
export async function waitUntilUsable(port: number, failed: Promise<never>, signal?: AbortSignal): Promise<void> {
  const url = `http://127.0.0.1:${port}${READY_PATH}`;
  let ended = false;
  const poll = async () => {
    while (!ended) {
      const response = await axios
        .get(url, { validateStatus: () => true, timeout: 5_000, proxy: false, signal })
        .catch(() => undefined);
      signal?.throwIfAborted();
      if (response?.status === 200) return;
      await sleep(200);
    }
  };
  try {
    await Promise.race([failed, poll()]);
  } finally {
    ended = true;
  }
}

/** The end of the log, or one line for what people meet most. */
function whatItSaid(server: ServerProcess, logFile: string, port: number): string {
  const log = server.lastWords(Infinity);
  if (/already (bound|in use)|BindException/i.test(log))
    return `Another program has taken port ${port} meanwhile: run the command again, or choose another with --port.`;
  if (/Database may be already in use|Locked by another process/i.test(log))
    return "Another Keycloak uses the same data: end it, or leave --keep-data out.";
  return `Its log is ${logFile}, and ends with:\n${server.lastWords(15)}`;
}
