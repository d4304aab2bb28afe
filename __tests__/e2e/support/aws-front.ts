import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

type Json = Record<string, unknown>;

/** One request to a service that speaks JSON, such as ECS. */
export interface AwsRequest {
  /** Such as `RunTask`. */
  readonly action: string;
  readonly input: Json;
}

/** Stands between commands and the emulated AWS. */
export interface AwsFront {
  readonly url: string;
  /** What was asked so far. */
  readonly asked: AwsRequest[];
  /** Says something else than the emulation, by action: what that answered, changed. */
  readonly says: Record<string, (answer: Json, input: Json) => Json>;
  stop(): Promise<void>;
}

/**
 * Starts a server that hands everything on, tells what was asked, and answers what an emulation has no idea of: tasks
 * that run, end and fail.
 */
export async function startAwsFront(behind: string): Promise<AwsFront> {
  const asked: AwsRequest[] = [];
  const says: AwsFront["says"] = {};
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      const { host: _host, connection: _connection, ...headers } = request.headers as Record<string, string>;
      const answer = await fetch(`${behind}${request.url}`, {
        method: request.method,
        headers,
        ...(body.length > 0 && { body }),
      });
      let text = await answer.text();
      const action = headers["x-amz-target"]?.split(".").at(-1);
      if (action) {
        const input = JSON.parse(body.toString() || "{}") as Json;
        asked.push({ action, input });
        const change = says[action];
        if (change && answer.ok) text = JSON.stringify(change(JSON.parse(text) as Json, input));
      }
      response.writeHead(answer.status, { "Content-Type": answer.headers.get("content-type") ?? "text/plain" });
      response.end(text);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    says,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
