import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import axios from "axios";
import { UserError } from "../errors.ts";
import { keycloakVariables } from "./keycloak-build.ts";
import type { Java } from "./java.ts";

/** How Keycloak is started. */
export interface KeycloakOptions {
  /** A built copy of the distribution. */
  readonly home: string;
  readonly java: Java;
  readonly port: number;
  readonly managementPort: number;
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
 * Runs its arguments until standard input closes: a process that dies, however it dies, takes its Keycloak along.
 * `kill -9 0` is for all of the process group.
 */
const UNTIL_INPUT_CLOSES = `exec 3<&0
"$@" 3<&- & child=$!
{ cat; kill "$child"; sleep ${PATIENCE}; kill -9 0; } <&3 >/dev/null 2>&1 & watch=$!
wait "$child"; status=$?
kill "$watch" 2>/dev/null
exit "$status"`;

/**
 * Starts Keycloak on the loopback interface, and waits until it can be used.
 * @throws UserError with the end of its log where it does not start; nothing is left running
 */
export async function startKeycloak(options: KeycloakOptions): Promise<RunningKeycloak> {
  const { home, port, admin, logFile, signal } = options;
  const url = `http://localhost:${port}/auth`;
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, "w", 0o600);
  const child = spawn("/bin/sh", ["-c", UNTIL_INPUT_CLOSES, "sh", join(home, "bin", "kc.sh"), ...parameters(options)], {
    env: keycloakVariables(options.java, {
      KC_BOOTSTRAP_ADMIN_CLIENT_ID: admin.clientId,
      KC_BOOTSTRAP_ADMIN_CLIENT_SECRET: admin.clientSecret,
      ...(admin.username && { KC_BOOTSTRAP_ADMIN_USERNAME: admin.username }),
      ...(admin.password && { KC_BOOTSTRAP_ADMIN_PASSWORD: admin.password }),
    }),
    stdio: ["pipe", log, log],
    detached: true, // Ctrl-C in the terminal is for this process, which ends Keycloak when it no longer needs it
  });
  closeSync(log);
  child.stdin!.on("error", () => undefined); // it has ended already

  let stopping = false;
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`cannot be started: ${error.message}`));
    child.once("exit", (code, name) => resolve(`ended by itself (${name ?? `exit code ${code}`})`));
  });
  const failed = ended.then((how): never | Promise<never> => {
    if (stopping) return new Promise<never>(() => undefined);
    throw new UserError(`Keycloak ${how}. ${whatItSaid(logFile, port)}`);
  });
  failed.catch(() => undefined); // whoever waits for it hears of it
  const stop = async () => {
    stopping = true;
    child.stdin!.end();
    const late = setTimeout(() => killGroup(child.pid), PATIENCE * 1000);
    await ended;
    clearTimeout(late);
  };

  try {
    await Promise.race([failed, waitUntilUsable(`http://127.0.0.1:${port}/auth/realms/master`, signal)]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, failed, stop };
}

/** https://www.keycloak.org/server/all-config */
function parameters({ port, managementPort, data }: KeycloakOptions): string[] {
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
    `--hostname=http://localhost:${port}/auth`,
  ];
}

/** From 26.7 on HTTP answers 503 long before the server can be used. */
async function waitUntilUsable(url: string, signal: AbortSignal | undefined): Promise<void> {
  for (;;) {
    const response = await axios
      .get(url, { validateStatus: () => true, timeout: 5_000, proxy: false, signal })
      .catch(() => undefined);
    signal?.throwIfAborted();
    if (response?.status === 200) return;
    await sleep(200);
  }
}

/** The end of the log, or one line for what people meet most. */
function whatItSaid(logFile: string, port: number): string {
  const log = readFileSync(logFile, "utf8");
  if (/already (bound|in use)|BindException/i.test(log))
    return `Another program has taken port ${port} meanwhile: run the command again, or choose another with --port.`;
  if (/Database may be already in use|Locked by another process/i.test(log))
    return "Another Keycloak uses the same data: end it, or leave --keep-data out.";
  const last = log.trim().split("\n").slice(-15).join("\n");
  return `Its log is ${logFile}, and ends with:\n${last}`;
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid) process.kill(-pid, "SIGKILL");
  } catch {
    // it has ended meanwhile
  }
}
