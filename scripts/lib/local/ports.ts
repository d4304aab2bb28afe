import { connect, createServer } from "node:net";
import { UserError } from "../errors.ts";

const LOOPBACK = ["127.0.0.1", "::1"] as const;

/** Below what Linux (32768), macOS and Windows (49152) give to clients, who would take a port before its server does. */
const FIRST_PORT = 16_000;
const LAST_PORT = 32_000;

let next = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));

/**
 * A TCP port that is free on the loopback interfaces now. Never the same twice in a process, as long as there are
 * others: a server takes it a while after it was found.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = next;
    next = port < LAST_PORT ? port + 1 : FIRST_PORT;
    if (await isPortFree(port)) return port;
  }
}

/** Whether nothing listens on the port, neither on 127.0.0.1 nor on ::1: `localhost` may mean either. */
export async function isPortFree(port: number): Promise<boolean> {
  for (const host of LOOPBACK) if (!(await canListen(host, port)) || (await answers(host, port))) return false;
  return true;
}

/**
 * @param option the command line's option that chooses the port, for the message
 * @throws UserError when the port is taken, not a port, or not allowed for this user
 */
export async function assertPortFree(port: number, option = "--port"): Promise<void> {
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new UserError(`${option} ${port} is no port: give a whole number from 1 to 65535.`);
  if (await isPortFree(port)) return;
  const why = port < 1024 ? "is taken, or only an administrator may use it" : "is taken by another program";
  throw new UserError(`Port ${port} ${why}. Stop that program, or choose another port with ${option} <number>.`);
}

function canListen(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    // A machine without IPv6 has nothing to say about ::1.
    server.once("error", ({ code }: NodeJS.ErrnoException) =>
      done(code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT"),
    );
    server.listen({ host, port, exclusive: true }, () => server.close(() => done(true)));
  });
}

/** BSD systems let a program listen on 127.0.0.1 beside another one that listens everywhere. */
function answers(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const end = (answer: boolean) => () => {
      socket.destroy();
      done(answer);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}
