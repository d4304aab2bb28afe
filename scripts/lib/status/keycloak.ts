import axios from "axios";
import { quote } from "../drift/difference.ts";
import { messageOf, UserError } from "../errors.ts";
import { within } from "../limit.ts";
import type { StatusContext } from "./context.ts";
import type { Finding } from "./row.ts";

/** Milliseconds for the answer, the way through the load balancer included. */
const PATIENCE = 10_000;

/** Whether Keycloak answers as clients on the internet ask it, and for the right issuer. */
export async function lookAtKeycloak(
  { environment, signal }: Pick<StatusContext, "environment" | "signal">,
  patience = PATIENCE,
): Promise<Finding[]> {
  const { keycloak, realm, aws } = environment;
  const issuer = `${keycloak.url}/realms/${realm.name}`;
  const url = `${issuer}/.well-known/openid-configuration`;
  const name = "discovery";
  const started = Date.now();
  try {
    // axios's own limit leaves the connection out.
    const { status, data } = await within(patience, url, signal, (either) => ask(url, either));
    const facts = { url, httpStatus: status, milliseconds: Date.now() - started };
    if (status !== 200)
      return [{ name, status: "fail", detail: `${status}${STATUSES[status] ?? ""}, from ${url}`, facts }];
    const said = (data as { issuer?: unknown } | undefined)?.issuer;
    if (said !== issuer)
      return [
        { name, status: "fail", detail: `the issuer is ${quote(said ?? "missing")}, not ${quote(issuer)}`, facts },
      ];
    return [{ name, status: "ok", detail: `200 in ${facts.milliseconds} ms, issuer ${issuer}`, facts }];
  } catch (error) {
    signal.throwIfAborted();
    const code = error instanceof UserError ? "TIMEOUT" : codeOf(error);
    const detail = `no answer (${code})${CODES[code] ?? ""}, from ${url}`;
    // Tells nothing about Keycloak where this machine is outside; the targets' health does.
    if (aws.loadBalancer.internal)
      return [
        { name, status: "warn", detail: `${detail}; the load balancer is internal: ask from inside its network` },
      ];
    return [{ name, status: "fail", detail, facts: { url, code } }];
  }
}

function ask(url: string, signal: AbortSignal) {
  return axios.get<unknown>(url, {
    signal,
    maxRedirects: 0,
    validateStatus: () => true,
    proxy: new URL(url).hostname === "localhost" ? false : undefined,
  });
}

/** What the load balancer and Keycloak mean by a status. */
const STATUSES: Readonly<Record<number, string>> = {
  403: ": the firewall refuses this machine",
  404: ": there is no such realm",
  502: ": a task has broken the connection",
  503: ": the load balancer has no task to send requests to",
  504: ": no task answers in time",
};

const CLOSED = ": nothing listens, or aws.loadBalancer.clientCidrs leaves this machine out";

/** What the system means by an error. */
const CODES: Readonly<Record<string, string>> = {
  ENOTFOUND: ": the domain has no DNS record that this machine sees",
  ECONNREFUSED: CLOSED,
  ETIMEDOUT: CLOSED,
  ECONNABORTED: CLOSED,
  TIMEOUT: CLOSED,
};

function codeOf(error: unknown): string {
  return (axios.isAxiosError(error) && error.code) || messageOf(error);
}
