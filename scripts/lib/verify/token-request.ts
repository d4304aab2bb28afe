import type { AxiosResponse } from "axios";
import type { RegisteredClient, VerifyContext } from "./context.ts";

/** What a client says who it is with, in the form: public clients have no secret. */
type Credentials = Pick<RegisteredClient, "client_id" | "client_secret">;

/** The same as parameters. RFC 6749 section 2.3.1. */
export function credentialsOf({ client_id, client_secret }: Credentials): Record<string, string> {
  return { client_id, ...(client_secret ? { client_secret } : {}) };
}

/** Asks for a token as a client. RFC 6749 section 3.2. */
export async function tokenRequest(
  context: VerifyContext,
  client: Credentials,
  form: Record<string, string>,
): Promise<AxiosResponse<unknown>> {
  const { token_endpoint } = await context.metadata();
  return context.http.post<unknown>(token_endpoint, new URLSearchParams({ ...form, ...credentialsOf(client) }));
}

/** The error code of an answer; empty where it has none. RFC 6749 section 5.2. */
export function errorOf(data: unknown): string {
  const error = (data as { error?: unknown } | undefined)?.error;
  return typeof error === "string" ? error : "";
}
