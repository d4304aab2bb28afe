import { createServer } from "node:http";
import { bodyOf, handOn, listen } from "../../support/listen.ts";

/** A server in front of a real Keycloak, to which all saved events are older than they are. */
export interface Past {
  readonly url: string;
  /** Called with each request, before it is handed on. */
  onRequest: (method: string, path: string) => void | Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts one: commands go by the real clock, and events cannot be made in the past.
 * @param target Keycloak's base URL
 * @param days how much older
 */
export async function startPast(target: string, days: number): Promise<Past> {
  const shift = days * 86_400_000;
  const { origin, pathname } = new URL(target);
  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url!, origin);
      await past.onRequest(request.method!, url.pathname);
      const isEvents = /\/(admin-)?events$/.test(url.pathname);
      for (const name of isEvents ? ["dateFrom", "dateTo"] : [])
        if (url.searchParams.has(name)) url.searchParams.set(name, String(Number(url.searchParams.get(name)) + shift));
      const answer = await handOn(request, await bodyOf(request), url);
      let text = await answer.text();
      if (isEvents && answer.ok) {
        const events = JSON.parse(text) as { time: number }[];
        text = JSON.stringify(events.map((event) => ({ ...event, time: event.time - shift })));
      }
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "text/plain" });
      response.end(answer.status === 204 ? undefined : text);
    })().catch(() => response.destroy());
  });
  const listening = await listen(server);
  const past: Past = {
    url: `${listening.url}${pathname}`,
    onRequest: () => undefined,
    close: () => listening.stop(),
  };
  return past;
}
