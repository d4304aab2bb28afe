import { randomBytes } from "node:crypto";
import axios, { type AxiosInstance, type AxiosResponse } from "axios";
import axiosRetry from "axios-retry";
import type { RealmDefinition } from "../../../realm/definition.ts";
import type { AdminClient } from "../keycloak/admin-client.ts";
import { CheckFailure, quote } from "./outcome.ts";

/** Every name that verify gives to a client or a user begins with this. */
export const PROBE_PREFIX = "mcp-verify-";

/** A client that a check registered. */
export interface RegisteredClient {
  readonly client_id: string;
  readonly client_secret?: string;
  readonly scope?: string;
  readonly token_endpoint_auth_method?: string;
  readonly registration_access_token: string;
  readonly registration_client_uri: string;
}

/** The parts of the discovery document that the checks read. */
export interface ServerMetadata {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly device_authorization_endpoint?: string;
  readonly registration_endpoint?: string;
  readonly code_challenge_methods_supported?: string[];
  readonly scopes_supported?: string[];
}

/** What the checks work with: one realm on a live server, as a client on the internet sees it. */
export class VerifyContext {
  readonly issuer: string;
  /** Part of the names of all that this run makes. */
  readonly tag = `${PROBE_PREFIX}${Date.now()}-${randomBytes(4).toString("hex")}`;
  readonly http: AxiosInstance;
  /** Whether the fate of a request is unknown: the time was up, or the connection broke. */
  unanswered = false;
  private document?: Promise<ServerMetadata>;

  constructor(
    readonly admin: AdminClient,
    readonly definition: RealmDefinition,
    readonly options: { readonly login: boolean; readonly signal?: AbortSignal; readonly timeoutMs?: number },
  ) {
    this.issuer = `${admin.url}/realms/${definition.realm}`;
    this.http = axios.create({
      timeout: options.timeoutMs ?? 15_000,
      maxRedirects: 0,
      validateStatus: () => true,
      signal: options.signal,
      proxy: new URL(admin.url).hostname === "localhost" ? false : undefined,
    });
    this.http.interceptors.response.use(assertNoLimit, (error: unknown) => {
      this.unanswered ||= axios.isAxiosError(error) && !error.response;
      throw error;
    });
    axiosRetry(this.http, { retries: 3, retryDelay: (count, error) => axiosRetry.exponentialDelay(count, error, 200) });
  }

  /** The discovery document, read once. */
  metadata(): Promise<ServerMetadata> {
    this.document ??= this.http
      .get<ServerMetadata>(`${this.issuer}/.well-known/openid-configuration`)
      .then((response) => {
        if (response.status !== 200) throw new CheckFailure(`discovery answers ${response.status}`);
        return response.data;
      });
    return this.document;
  }

  /** Sends a registration (RFC 7591 section 3.1) without credentials. */
  async tryToRegister(metadata: object, headers: Record<string, string> = {}): Promise<AxiosResponse> {
    const { registration_endpoint } = await this.metadata();
    if (!registration_endpoint) throw new CheckFailure("discovery names no registration endpoint");
    return this.http.post(registration_endpoint, { client_name: this.tag, ...metadata }, { headers });
  }

  /** Registers a client that must be accepted. */
  async register(metadata: object): Promise<RegisteredClient> {
    const response = await this.tryToRegister(metadata);
    if (response.status !== 201)
      throw new CheckFailure(`registration answers ${response.status} ${quote(response.data)}`);
    return response.data as RegisteredClient;
  }

  /** A public client as the TypeScript SDK registers one, for the checks that need any client at all. */
  probeClient(metadata: object = {}): Promise<RegisteredClient> {
    return this.register({
      redirect_uris: [this.redirectUri],
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      ...metadata,
    });
  }

  /** A redirect URI that this environment allows. */
  get redirectUri(): string {
    const [first] = this.definition.redirects.examples;
    if (!first) throw new CheckFailure("registration.redirects of this environment allows no known client");
    return first;
  }

  /** Sends an authorization request (RFC 6749 section 4.1.1) and does not follow the answer. */
  async authorize(client: RegisteredClient, parameters: Record<string, string>): Promise<AxiosResponse> {
    const { authorization_endpoint } = await this.metadata();
    return this.http.get(authorization_endpoint, {
      params: {
        client_id: client.client_id,
        redirect_uri: this.redirectUri,
        response_type: "code",
        scope: `openid ${this.definition.mcpScopes[0]!.name}`,
        state: "probe",
        ...parameters,
      },
    });
  }
}

/** A refusal because of too many requests is none of Keycloak's, and proves nothing. */
function assertNoLimit(response: AxiosResponse): AxiosResponse {
  if (response.status === 429)
    throw new CheckFailure(
      "not proved: the firewall lets this machine ask no more (429). Wait five minutes, then run it again; or raise " +
        "aws.waf.registrationLimit, of which a run takes about a hundred",
    );
  return response;
}

/** What an authorization request came to: the error that the client is told, or undefined where it was let through. */
export function authorizationError(response: AxiosResponse): string | undefined {
  const location = response.headers.location as string | undefined;
  if (response.status >= 300 && response.status < 400 && location) {
    const { searchParams, hash } = new URL(location);
    return searchParams.get("error") ?? new URLSearchParams(hash.slice(1)).get("error") ?? undefined;
  }
  return response.status >= 400 ? `HTTP ${response.status}` : undefined;
}
