import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { bodyOf, handOn, listen } from "../../support/listen.ts";

type Json = Record<string, unknown>;

/** One request to a service that speaks JSON, such as ECS, or the query protocol, such as RDS. */
export interface AwsRequest {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Such as `RunTask`. */
  readonly action: string;
  /** Of the query protocol, its parameters. */
  readonly input: Json;
}

/** What happens to one request instead of an answer. */
export type AwsFault = "throttled" | "denied" | "hangs";

/** Stands between commands and the emulated AWS. */
export interface AwsFront {
  readonly url: string;
  /** What was asked so far. */
  readonly asked: AwsRequest[];
  /** Says something else than the emulation, by action: what that answered, changed. */
  readonly says: Record<string, (answer: Json, input: Json) => Json>;
  /** The same for services that answer with XML. */
  readonly writes: Record<string, (answer: string, input: Json) => string>;
  /** What happens to the next requests, by action; each is used up by one. */
  readonly faults: Record<string, AwsFault[]>;
  stop(): Promise<void>;
}

/**
 * Starts a server that hands everything on, tells what was asked, and answers what an emulation has no idea of: tasks
 * that run, end and fail.
 */
export async function startAwsFront(behind: string): Promise<AwsFront> {
  const asked: AwsRequest[] = [];
  const says: AwsFront["says"] = {};
  const writes: AwsFront["writes"] = {};
  const faults: AwsFront["faults"] = {};
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const isForm = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
      const form = isForm ? Object.fromEntries(new URLSearchParams(body.toString())) : undefined;
      const action = actionOf(request) ?? form?.Action;
      const fault = action && faults[action]?.shift();
      if (fault) return fail(response, fault, Boolean(form));
      const answer = await handOn(request, body, `${behind}${request.url}`);
      let text = await answer.text();
      if (action) {
        const input = form ?? (JSON.parse(body.toString() || "{}") as Json);
        asked.push({ at: Date.now(), action, input });
        const change = says[action];
        if (change && answer.ok && !form) text = JSON.stringify(change(JSON.parse(text) as Json, input));
        const write = writes[action];
        if (write && answer.ok && form) text = write(text, input);
      }
      response.writeHead(answer.status, { "Content-Type": answer.headers.get("content-type") ?? "text/plain" });
      response.end(text);
    })();
  });
  const { url, stop } = await listen(server);
  return { url, asked, says, writes, faults, stop };
}

/** What a request to a service that speaks JSON asks for. */
export function actionOf({ headers }: IncomingMessage): string | undefined {
  return (headers["x-amz-target"] as string | undefined)?.split(".").at(-1);
}

const CODES = {
  throttled: { json: "ThrottlingException", xml: "Throttling", message: "Rate exceeded" },
  denied: {
    json: "AccessDeniedException",
    xml: "AccessDenied",
    message: "User: arn:aws:iam::123456789012:user/test is not authorized to perform this",
  },
} as const;

function fail(response: ServerResponse, fault: AwsFault, xml: boolean): void {
  if (fault === "hangs") return; // until whoever asks gives up
  const { message, ...code } = CODES[fault];
  response.writeHead(400, { "Content-Type": xml ? "text/xml" : "application/x-amz-json-1.1" });
  response.end(
    xml
      ? `<ErrorResponse><Error><Type>Sender</Type><Code>${code.xml}</Code><Message>${message}</Message></Error></ErrorResponse>`
      : JSON.stringify({ __type: code.json, message }),
  );
}
