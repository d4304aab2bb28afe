import { createServer, request, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { READY_PATH } from "../../../keycloak-image/settings.ts";
import { listen } from "../../support/listen.ts";

/** A server in Keycloak's place, that says what it was asked. */
export interface FakeTarget {
  readonly port: number;
  /** Requests that are no health checks. */
  readonly seen: IncomingMessage[];
  /** What it answers to health checks; undefined for nothing at all, as a process that is frozen. */
  health: number | undefined;
  /** What it does with other requests. */
  handle: (incoming: IncomingMessage, outgoing: ServerResponse) => void;
  close(): Promise<void>;
}

/** Starts a server that answers 200 with its request's body. */
export async function startTarget(): Promise<FakeTarget> {
  const server = createServer((incoming, outgoing) => {
    if (incoming.url === READY_PATH) return void (target.health && outgoing.writeHead(target.health).end());
    target.seen.push(incoming);
    target.handle(incoming, outgoing);
  });
  const listening = await listen(server);
  const target: FakeTarget = {
    port: listening.port,
    seen: [],
    health: 200,
    handle: (incoming, outgoing) => void incoming.pipe(outgoing),
    close: () => listening.stop(),
  };
  return target;
}

/** An answer, as a whole. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends one request on a connection of its own, with the path and the headers as they are. */
export function send(
  port: number,
  path: string,
  options: { method?: string; headers?: Record<string, string | string[]>; body?: string } = {},
): Promise<Answer> {
  const { method = "GET", headers, body } = options;
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk) => (text += chunk));
      answer.on("error", reject);
      answer.on("end", () => resolve({ status: answer.statusCode!, headers: answer.headers, body: text }));
    });
    sent.on("error", reject).end(body);
  });
}

/** Waits until something is so; the test's own time limit ends it where it never is. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
