/**
 * What a load balancer changes in requests and answers on their way, as pure functions. Headers are flat lists of names
 * and values, as in Node.js' `rawHeaders`.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 */

/** Headers that are for one connection only (RFC 9110 section 7.6.1). */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Who sent a request, and where to. */
export interface Sender {
  readonly address: string;
  /** Port on which the load balancer took it. */
  readonly port: number;
  readonly protocol: "http" | "https";
}

/**
 * Headers for the target: the sender is appended to `X-Forwarded-For`, whose values a client can make up; protocol and
 * port are the load balancer's own. Names with other characters than letters, digits and `-` are left out, as the
 * load balancer is told to.
 */
export function requestHeaders(raw: readonly string[], { address, port, protocol }: Sender): string[] {
  const forwardedFor = pairs(raw).flatMap(([name, value]) => (name.toLowerCase() === "x-forwarded-for" ? [value] : []));
  const own = new Set(["x-forwarded-for", "x-forwarded-proto", "x-forwarded-port", "expect"]);
  const chunked = pairs(raw).filter(([name]) => name.toLowerCase() === "transfer-encoding");
  return [
    ...endToEnd(raw).filter(([name]) => !own.has(name.toLowerCase()) && /^[A-Za-z0-9-]+$/.test(name)),
    ...chunked, // for this connection too, since the body goes on as it comes
    ["X-Forwarded-For", [...forwardedFor, address].join(", ")],
    ["X-Forwarded-Proto", protocol],
    ["X-Forwarded-Port", String(port)],
  ].flat();
}

/** Headers for the client, with the cookie that brings it back to the same target. */
export function responseHeaders(raw: readonly string[], cookie: string): string[] {
  return [...endToEnd(raw), ["Set-Cookie", cookie]].flat();
}

/** Name of the cookie that the load balancer makes. .../application/edit-target-group-attributes.html#sticky-sessions */
const COOKIE = "AWSALB";

/**
 * The cookie that leads to a target.
 * @param seconds how long it lasts from now
 */
export function stickyCookie(value: string, seconds: number, now = new Date()): string {
  return `${COOKIE}=${value}; Expires=${new Date(now.getTime() + seconds * 1000).toUTCString()}; Path=/`;
}

/** The value that an earlier answer has set, if the client sends it. */
export function stickyValue(cookies: string | undefined): string | undefined {
  const found = cookies?.split(";").find((cookie) => cookie.trim().startsWith(`${COOKIE}=`));
  return found?.trim().slice(COOKIE.length + 1);
}

function endToEnd(raw: readonly string[]): [string, string][] {
  const all = pairs(raw);
  const named = all.flatMap(([name, value]) =>
    name.toLowerCase() === "connection" ? value.toLowerCase().split(",") : [],
  );
  const dropped = new Set([...HOP_BY_HOP, ...named.map((name) => name.trim())]);
  return all.filter(([name]) => !dropped.has(name.toLowerCase()));
}

function pairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index]!, raw[2 * index + 1]!]);
}
