import { Agent, createServer, request, STATUS_CODES, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import { decide } from "../../../constructs/alb/decide.ts";
import type { ListenerRule } from "../../../constructs/alb/listener-rules.ts";
import {
  DEREGISTRATION_DELAY,
  IDLE_TIMEOUT,
  STICKINESS,
  TARGET_HEALTH_CHECK,
  type HealthCheck,
} from "../../../constructs/alb/target-group.ts";
import { UserError } from "../errors.ts";
import { requestHeaders, responseHeaders, stickyCookie, stickyValue } from "./forwarding.ts";
import { TargetGroup, type Target } from "./target-group.ts";

/** How the balancer is started. Seconds are those of the load balancer on AWS where nothing else is given. */
export interface BalancerOptions {
  /** Port on 127.0.0.1; 0 takes any. */
  readonly port: number;
  readonly rules: readonly ListenerRule[];
  readonly healthCheck?: Partial<HealthCheck>;
  readonly deregistrationDelay?: number;
  readonly idleTimeout?: number;
}

/** A balancer that listens. */
export interface Balancer {
  readonly port: number;
  readonly targetGroup: TargetGroup;
  stop(): Promise<void>;
}

/**
 * Starts a small HTTP server that does with requests what the Application Load Balancer on AWS does, by the same rules
 * and numbers: lets through, rewrites or answers; keeps a client on its node; leaves out nodes that are unhealthy or
 * leave; never repeats a request. What it does not do: TLS, HTTP/2, WebSockets.
 * @throws UserError where the port is taken
 */
export async function startBalancer(options: BalancerOptions): Promise<Balancer> {
  const { rules, healthCheck, deregistrationDelay = DEREGISTRATION_DELAY, idleTimeout = IDLE_TIMEOUT } = options;
  const targetGroup = new TargetGroup({ ...TARGET_HEALTH_CHECK, ...healthCheck }, deregistrationDelay);
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    const { action, path } = decide(rules, { path: incoming.url!, sourceAddress: incoming.socket.remoteAddress! });
    if (action !== "forward") return answer(outgoing, action.status, "text/plain; charset=utf-8", action.body);
    const target = targetGroup.choose(stickyValue(incoming.headers.cookie));
    if (!target) return answerError(outgoing, 503);
    const done = targetGroup.begin(target);
    outgoing.on("close", done);
    forward(incoming, outgoing, { target, path, agent, idleTimeout });
  });
  await listen(server, options.port);
  const { port } = server.address() as { port: number };
  return {
    port,
    targetGroup,
    stop: () =>
      new Promise((resolve) => {
        targetGroup.stop();
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
}

/** Where a request goes. */
interface Way {
  readonly target: Target;
  readonly path: string;
  readonly agent: Agent;
  readonly idleTimeout: number;
}

/** .../application/load-balancer-troubleshooting.html says which error is which. */
function forward(incoming: IncomingMessage, outgoing: ServerResponse, { target, path, agent, idleTimeout }: Way): void {
  const { remoteAddress, localPort } = incoming.socket;
  const sender = { address: remoteAddress!, port: localPort!, protocol: "http" } as const;
  const onward = request({
    host: "127.0.0.1",
    port: target.port,
    method: incoming.method,
    path,
    headers: requestHeaders(incoming.rawHeaders, sender),
    agent,
    timeout: idleTimeout * 1000,
  });
  onward.on("timeout", () => {
    answerError(outgoing, 504);
    onward.destroy();
  });
  onward.on("error", () => answerError(outgoing, 502));
  onward.on("response", (response) => {
    const cookie = stickyCookie(target.cookie, STICKINESS);
    outgoing.writeHead(response.statusCode!, response.statusMessage, responseHeaders(response.rawHeaders, cookie));
    // Breaks the client's connection where the target breaks its own: the client must not take half an answer for all.
    pipeline(response, outgoing, () => undefined);
  });
  outgoing.on("close", () => {
    if (!outgoing.writableFinished) onward.destroy();
  });
  incoming.pipe(onward);
}

function answerError(outgoing: ServerResponse, status: 502 | 503 | 504): void {
  const title = `${status} ${STATUS_CODES[status]}`;
  answer(
    outgoing,
    status,
    "text/html",
    `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
  );
}

/** Answers in a target's place, where nothing has been answered yet. */
function answer(outgoing: ServerResponse, status: number, type: string, body: string): void {
  if (outgoing.headersSent) return void outgoing.destroy();
  outgoing.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(body) }).end(body);
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", ({ code, message }: NodeJS.ErrnoException) => {
      const why = code === "EADDRINUSE" ? "another program has taken it meanwhile: run the command again" : message;
      reject(new UserError(`The balancer cannot listen on port ${port}: ${why}.`));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}
