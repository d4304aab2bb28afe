import { createServer } from "node:http";
import { bodyOf, handOn, listen } from "../../support/listen.ts";
import { actionOf } from "./aws-front.ts";

/** What AWS says to one request: XML or JSON, as its service speaks. */
export interface AwsAnswer {
  /** @default 200 */
  readonly status?: number;
  readonly body: string | Record<string, unknown>;
}

/** Stands between commands and the emulated AWS, and answers in its place where that has no idea. */
export interface AwsAnswers {
  readonly url: string;
  /** Requests so far, as the keys of {@link says}. */
  readonly asked: string[];
  /**
   * Answers by action (`SimulatePrincipalPolicy`) or, where a service has paths instead, by method and path
   * (`GET /2013-04-01/hostedzone/Z1`). undefined leaves it to the emulation.
   */
  says: Record<string, (parameters: URLSearchParams, body: string) => AwsAnswer | undefined>;
  stop(): Promise<void>;
}

/** An error of a service that speaks XML. */
export function xmlError(status: number, code: string, message: string): AwsAnswer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  // EC2 wraps it in another way; each client looks for its own.
  return { status, body: `<ErrorResponse>${error}<Errors>${error}</Errors><RequestId>1</RequestId></ErrorResponse>` };
}

/** Starts it. */
export async function startAwsAnswers(behind: string): Promise<AwsAnswers> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const parameters = new URLSearchParams(body.toString());
      const path = request.url!.split("?", 1)[0]!.replace(/\/$/, "");
      const key = actionOf(request) ?? parameters.get("Action") ?? `${request.method} ${path}`;
      asked.push(key);
      const own = front.says[key]?.(parameters, body.toString());
      if (own) {
        const isXml = typeof own.body === "string";
        const type = isXml ? "text/xml" : "application/x-amz-json-1.1";
        response.writeHead(own.status ?? 200, { "Content-Type": type });
        response.end(isXml ? own.body : JSON.stringify(own.body));
        return;
      }
      const answer = await handOn(request, body, `${behind}${request.url}`);
      response.writeHead(answer.status, { "Content-Type": answer.headers.get("content-type") ?? "text/plain" });
      response.end(Buffer.from(await answer.arrayBuffer()));
    })();
  });
  const { url, stop } = await listen(server);
  const front: AwsAnswers = {
    url,
    asked,
    says: {},
    stop,
  };
  return front;
}
