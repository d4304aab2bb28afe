import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that listens on this machine. */
export interface Listening {
  readonly port: number;
  /** `http://127.0.0.1:<port>`, where it speaks HTTP. */
  readonly url: string;
  /** Stops it, whatever connections there are. */
  readonly stop: () => Promise<void>;
}

/** Lets a server listen on a free port. */
export async function listen(server: Server): Promise<Listening> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** All of a request's body. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/**
 * Hands a request on to another server.
 * @param body of the request, which was read already
 */
export function handOn(request: IncomingMessage, body: Buffer, to: string | URL): Promise<Response> {
  const { host: _host, connection: _connection, ...headers } = request.headers as Record<string, string>;
  return fetch(to, { method: request.method, headers, ...(body.length > 0 && { body: new Uint8Array(body) }) });
}
