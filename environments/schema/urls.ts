import { z } from "zod";

const LOOPBACK_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether a URL's host is this machine itself (RFC 8252 section 7.3). */
export function isLoopback(url: URL): boolean {
  return LOOPBACK_HOSTS.has(url.hostname);
}

/**
 * What is wrong with a URL that must be public and exact, or undefined where nothing is.
 * Required: absolute, `https` (or `http` on loopback), no user name, fragment, query or trailing slash.
 */
function complaint(text: string): string | undefined {
  if (!URL.canParse(text)) return 'is no URL: write one such as "https://mcp.example.com/mcp"';
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") return "must begin with https://";
  if (url.protocol === "http:" && !isLoopback(url))
    return "must use https:// (http:// is allowed for localhost, 127.0.0.1 and [::1] only)";
  if (url.username || url.password) return "must not contain a user name or password";
  if (url.hash || text.includes("#")) return "must not contain a fragment (RFC 8707 section 2)";
  if (url.search || text.includes("?")) return "must not contain a query";
  if (text.endsWith("/") && url.pathname !== "/") return `must not end in a slash: write "${text.replace(/\/+$/, "")}"`;
  if (url.href.replace(/\/$/, "") !== text.replace(/\/$/, ""))
    return `is not in its normal form, which clients compare letter by letter: write "${url.href}"`;
  return undefined;
}

/** An `https` URL, or `http` on loopback; see {@link complaint} for what else is refused. */
export function secureUrl() {
  return z.string().superRefine((text, context) => {
    const problem = complaint(text);
    if (problem) context.addIssue({ code: "custom", message: `${JSON.stringify(text)} ${problem}` });
  });
}

/** A browser origin: scheme, host and port, nothing else (RFC 6454). */
export function origin() {
  return z.string().superRefine((text, context) => {
    const ok = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
    if (!ok)
      context.addIssue({
        code: "custom",
        message: `${JSON.stringify(text)} is no origin: write scheme, host and port only, such as "https://app.example.com"`,
      });
  });
}
