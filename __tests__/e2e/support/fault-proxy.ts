import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { listen } from "../../support/listen.ts";

/** What happens to one request on its way. */
export type Fault =
  | "pass"
  /** The connection breaks before the server sees the request. */
  | "cut-request"
  /** The server carries the request out, and the connection breaks before the answer. */
  | "cut-response"
  /** The server never sees the request; the proxy answers with this status. */
  | { readonly status: number; readonly headers?: Record<string, string> }
  /** The server sees the request that many milliseconds later, whether or not anyone still waits for the answer. */
  | { readonly laterMs: number }
  /** Nobody answers. */
  | "hang";

/** A request that the proxy saw. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
}

/** A small HTTP proxy in front of a real server, that does to each request what the test says. */
export interface FaultProxy {
  readonly url: string;
  readonly seen: SeenRequest[];
  /** Decides about request number n, counted from 1. */
  decide: (n: number, request: SeenRequest) => Fault;
  close(): Promise<void>;
}

/** Starts a proxy in front of a base URL, such as `http://localhost:8080/auth`. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port, pathname } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const seen = { method: incoming.method!, path: incoming.url! };
    proxy.seen.push(seen);
    const fault = proxy.decide(proxy.seen.length, seen);
    if (fault === "hang") return;
    if (fault === "cut-request") return void incoming.socket.destroy();
    if (typeof fault === "object" && "laterMs" in fault) return void passLater(incoming, outgoing, fault.laterMs);
    if (typeof fault === "object") return void outgoing.writeHead(fault.status, fault.headers).end();
    pass(incoming, outgoing, fault);
  });

  /** Reads the request before it waits: afterwards its connection may be gone. */
  async function passLater(incoming: IncomingMessage, outgoing: ServerResponse, delay: number): Promise<void> {
    const body = await buffer(incoming);
    await sleep(delay);
    pass(incoming, outgoing, "pass", Readable.from([body]));
  }

  function pass(incoming: IncomingMessage, outgoing: ServerResponse, fault: Fault, body: Readable = incoming): void {
    const { method, url, headers } = incoming;
    const onward = forward({ hostname, port, method, path: url, headers }, (answer) => {
      if (fault === "cut-response") {
        answer.resume().on("end", () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => incoming.socket.destroy());
    body.pipe(onward);
  }

  const listening = await listen(server);
  const proxy: FaultProxy = {
    url: `${listening.url}${pathname}`,
    seen: [],
    decide: () => "pass",
    close: () => listening.stop(),
  };
  return proxy;
}
