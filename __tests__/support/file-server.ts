import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listen } from "./listen.ts";

/** How the server treats one request for the file. */
export type FileFault =
  | "none"
  /** Sends some bytes, waits until they have arrived where the test looks for them, then breaks the connection. */
  | { readonly cutAfter: number; readonly once?: () => boolean }
  /** Answers with a status and nothing else. */
  | { readonly status: number }
  /** Sends all of it, whatever range was asked for. */
  | "ignore-range"
  /** Sends some bytes, then nothing more. */
  | { readonly stallAfter: number }
  /** Flips a byte. */
  | "corrupt";

/** A server of one file and its checksum, that does to each request what the test says. */
export interface FileServer {
  readonly url: string;
  /** The `Range` header of each request for the file, in order. */
  readonly ranges: (string | undefined)[];
  /** Paths of all requests. */
  readonly paths: string[];
  /** Decides about request number n for the file, counted from 1. */
  decide: (n: number) => FileFault;
  /** What the `.sha1` says. */
  checksum: string;
  close(): Promise<void>;
}

/** Serves `content` under every path, and its checksum where the path ends with `.sha1`. */
export async function startFileServer(content: Buffer, checksum: string): Promise<FileServer> {
  const http = createServer((request, response) => {
    server.paths.push(request.url!);
    if (request.url!.endsWith(".sha1")) return void response.end(server.checksum);
    server.ranges.push(request.headers.range);
    answer(request, response, server.decide(server.ranges.length));
  });

  function answer(request: IncomingMessage, response: ServerResponse, fault: FileFault): void {
    if (typeof fault === "object" && "status" in fault) return void response.writeHead(fault.status).end();
    const from = fault === "ignore-range" ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    if (from >= content.length) return void response.writeHead(416).end();
    const body = Buffer.from(content.subarray(from));
    if (fault === "corrupt") body[0] = body[0]! ^ 1;
    response.writeHead(from > 0 ? 206 : 200, {
      "Content-Length": body.length,
      ...(from > 0 && { "Content-Range": `bytes ${from}-${content.length - 1}/${content.length}` }),
    });
    if (typeof fault !== "object") return void response.end(body);
    if ("cutAfter" in fault) {
      response.write(body.subarray(0, fault.cutAfter));
      const cut = setInterval(() => {
        if (fault.once && !fault.once() && !request.socket.destroyed) return;
        clearInterval(cut);
        request.socket.destroy();
      }, 5);
    } else response.write(body.subarray(0, fault.stallAfter));
  }

  const listening = await listen(http);
  const server: FileServer = {
    url: listening.url,
    ranges: [],
    paths: [],
    decide: () => "none",
    checksum,
    close: () => listening.stop(),
  };
  return server;
}
