import type { AxiosInstance, AxiosResponse } from "axios";
import { CheckFailure } from "./check.ts";

/** Who logs in. */
export interface Person {
  readonly username: string;
  readonly password: string;
}

/** What came of a login: where the browser was sent, and which pages the person saw. */
export interface LoginOutcome {
  readonly redirect: URL;
  readonly pages: readonly ("login" | "consent")[];
  /** The consent page as the person read it, without markup. */
  readonly consentText: string;
}

/**
 * Goes through Keycloak's login and consent pages as a browser without scripts does: keeps the cookies, fills in the
 * form, follows redirects within the server and stops at the client's redirect URI.
 * @param start the authorization request
 * @param redirectUri where the client waits; nothing is sent there
 * @throws CheckFailure that names the page where it did not go on
 */
export async function logIn(
  http: AxiosInstance,
  start: URL,
  redirectUri: string,
  person: Person,
): Promise<LoginOutcome> {
  const cookies = new Map<string, string>();
  const pages: ("login" | "consent")[] = [];
  let consentText = "";
  let response = await send("GET", start);

  for (let step = 0; step < 12; step += 1) {
    const location = response.headers.location as string | undefined;
    if (response.status >= 300 && response.status < 400 && location) {
      const target = new URL(location, start);
      if (sameAddress(target, redirectUri)) return { redirect: target, pages, consentText };
      response = await send("GET", target);
      continue;
    }
    const html = String(response.data);
    const form = formOf(html);
    if (response.status !== 200 || !form)
      throw new CheckFailure(`login page answers ${response.status}: ${textOf(html)}`);
    if (/name="password"/.test(html)) {
      if (pages.includes("login")) throw new CheckFailure(`the login was refused: ${textOf(html)}`);
      pages.push("login");
      response = await send("POST", new URL(form.action, start), { ...form.hidden, ...person });
    } else if (/name="accept"/.test(html)) {
      pages.push("consent");
      consentText = textOf(html);
      response = await send("POST", new URL(form.action, start), { ...form.hidden, accept: "Yes" });
    } else {
      throw new CheckFailure(`an unexpected page after the login: ${textOf(html)}`);
    }
  }
  throw new CheckFailure("the login goes in circles");

  async function send(method: "GET" | "POST", url: URL, form?: Record<string, string>): Promise<AxiosResponse<string>> {
    // Cookies and passwords go to the server that the login began with, and to nobody else.
    if (url.origin !== start.origin) throw new CheckFailure(`the login leads to another server, ${url.origin}`);
    const answer = await http.request<string>({
      method,
      url: url.href,
      data: form && new URLSearchParams(form),
      headers: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      responseType: "text",
    });
    for (const cookie of answer.headers["set-cookie"] ?? []) {
      const [pair] = cookie.split(";");
      const separator = pair!.indexOf("=");
      cookies.set(pair!.slice(0, separator), pair!.slice(separator + 1));
    }
    return answer;
  }
}

function sameAddress(target: URL, redirectUri: string): boolean {
  const expected = new URL(redirectUri);
  return target.origin === expected.origin && target.host === expected.host && target.pathname === expected.pathname;
}

function formOf(html: string): { action: string; hidden: Record<string, string> } | undefined {
  const action = /<form\b[^>]*\baction="([^"]+)"/.exec(html)?.[1];
  if (!action) return undefined;
  const hidden: Record<string, string> = {};
  for (const [input] of html.matchAll(/<input\b[^>]*>/g)) {
    const name = /\bname="([^"]*)"/.exec(input)?.[1];
    if (name && /\btype="hidden"/.test(input)) hidden[name] = decode(/\bvalue="([^"]*)"/.exec(input)?.[1] ?? "");
  }
  return { action: decode(action), hidden };
}

/** The words of a page, on one line. */
function textOf(html: string): string {
  return decode(html.replace(/<(script|style|head)\b[\s\S]*?<\/\1>/g, " ").replace(/<[^>]+>/g, " "))
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300);
}

function decode(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
