import axios, { type AxiosError, type AxiosInstance, type AxiosRequestConfig, type AxiosResponse } from "axios";
import axiosRetry, { exponentialDelay, isNetworkError, retryAfter } from "axios-retry";
import { UserError } from "../errors.ts";
import { whoIs, type AdminCredentials } from "./credentials.ts";
import { LoginRefused } from "./login-refused.ts";

/** How patient the client is. */
export interface AdminClientOptions {
  /** Milliseconds for one request. @default 15000 */
  readonly timeoutMs?: number;
  /** How often a request is sent again after a connection error, 429 or 5xx. @default 4 */
  readonly retries?: number;
  /** Milliseconds before the first repetition, doubled each time. @default 200 */
  readonly backoffMs?: number;
  /** Ends all requests when it is aborted. */
  readonly signal?: AbortSignal;
}

/** A request to the Admin REST API, below `/admin/realms/<realm>` unless the path begins with `/admin/`. */
export interface AdminRequest {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | boolean>> | URLSearchParams;
  /** Statuses that are an answer, not an error, beside 2xx. @default none */
  readonly accept?: readonly number[];
}

type Token = { value: string; expiresAt: number };

/**
 * Talks to the Admin REST API of one realm: logs in, repeats what may be repeated, and turns failures into one clear
 * sentence. It decides nothing. https://www.keycloak.org/docs-api/latest/rest-api/index.html
 */
export class AdminClient {
  /** Number of HTTP requests sent so far, logins and repetitions included. */
  requests = 0;
  private readonly http: AxiosInstance;
  private token?: Promise<Token>;

  /**
   * @param url Keycloak's base URL, relative path included, such as `https://auth.example.com/auth`
   * @param realm the realm that is administered
   */
  constructor(
    readonly url: string,
    readonly realm: string,
    private readonly credentials: AdminCredentials,
    options: AdminClientOptions = {},
  ) {
    this.http = axios.create({
      baseURL: url,
      timeout: options.timeoutMs ?? 15_000,
      signal: options.signal,
      maxRedirects: 0, // a redirect would carry the token elsewhere
      proxy: new URL(url).hostname === "localhost" ? false : undefined,
    });
    this.http.interceptors.request.use((config) => {
      this.requests += 1;
      return config;
    });
    axiosRetry(this.http, {
      retries: options.retries ?? 4,
      retryDelay: (count, error) =>
        Math.max(retryAfter(error), exponentialDelay(count, error, options.backoffMs ?? 200)),
      shouldResetTimeout: true,
      retryCondition: mayRepeat,
    });
  }

  /** Sends a request and gives back the body of the answer. */
  async send<Body>(request: AdminRequest): Promise<Body> {
    return (await this.exchange(request)).data as Body;
  }

  /**
   * Sends a request; a 401 logs in again, once.
   * @throws UserError with the method, path, status, Keycloak's own words and, on 403, the role that is missing
   */
  async exchange(request: AdminRequest): Promise<AxiosResponse> {
    const path = request.path.startsWith("/admin/") ? request.path : `/admin/realms/${this.realm}${request.path}`;
    const method = request.method ?? "GET";
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.http.request({
          method,
          url: path,
          data: request.body,
          params: request.query,
          headers: { Authorization: `Bearer ${await this.accessToken()}`, Accept: "application/json" },
        });
      } catch (error) {
        const response = axios.isAxiosError(error) ? error.response : undefined;
        if (response && request.accept?.includes(response.status)) return response;
        if (response?.status !== 401 || attempt > 1) throw this.explain(error, method, path);
        this.token = undefined;
      }
    }
  }

  private async accessToken(): Promise<string> {
    const current = await this.token;
    if (current && current.expiresAt > Date.now()) return current.value;
    this.token = this.logIn();
    try {
      return (await this.token).value;
    } catch (error) {
      this.token = undefined;
      throw error;
    }
  }

  private async logIn(): Promise<Token> {
    const { credentials } = this;
    const path = `/realms/${credentials.realm}/protocol/openid-connect/token`;
    const form: Record<string, string> =
      credentials.kind === "client"
        ? { grant_type: "client_credentials", client_id: credentials.clientId, client_secret: credentials.clientSecret }
        : {
            grant_type: "password",
            client_id: credentials.clientId,
            username: credentials.username,
            password: credentials.password,
          };
    const config: AxiosRequestConfig = { method: "POST", url: path, data: new URLSearchParams(form) };
    try {
      const { data } = await this.http.request<{ access_token: string; expires_in: number }>(config);
      // Ten seconds early, so that a token does not end on its way.
      return { value: data.access_token, expiresAt: Date.now() + (data.expires_in - 10) * 1000 };
    } catch (error) {
      const status = statusOf(error);
      if (status === 400 || status === 401)
        throw new LoginRefused(
          `Keycloak at ${this.url} refuses to log in ${whoIs(credentials)} (realm ${credentials.realm}): ` +
            `${wordsOf(error)}. Check KEYCLOAK_USER and KEYCLOAK_PASSWORD, or KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET.`,
          wordsOf(error),
        );
      if (status === 403)
        throw new UserError(
          `Nobody may log in at ${this.url} from here (403): ${wordsOf(error)}. On AWS, administrators come from the ` +
            "addresses in the environment's aws.adminCidrs.",
        );
      throw this.explain(error, "POST", path);
    }
  }

  private explain(error: unknown, method: string, path: string): unknown {
    if (!axios.isAxiosError(error)) return error;
    if (axios.isCancel(error)) return new UserError("Interrupted.");
    const what = `${method} ${path}`;
    if (!error.response)
      return new UserError(
        `Keycloak at ${this.url} does not answer (${error.code ?? error.message}) to ${what}. ` +
          "Check that it runs and that this machine may reach it, then run the command again.",
      );
    const { status } = error.response;
    if (status === 403)
      return new UserError(
        `Keycloak refuses ${what} (403): ${whoIs(this.credentials)} lacks the role ${missingRole(method, path)}. ` +
          `Grant that role of the client ${this.realm}-realm (realm master), or realm role admin.`,
      );
    if (status === 404 && (path === `/admin/realms/${this.realm}` || wordsOf(error).includes("Realm not found")))
      return new UserError(
        `Keycloak at ${this.url} has no realm "${this.realm}". Make it first: npm run deploy -- <environment>`,
      );
    return new UserError(`Keycloak answers ${status} to ${what}: ${wordsOf(error)}`);
  }
}

/** Repeats what cannot do harm: everything on 429 and 503, all but POST where the fate of the request is unknown. */
function mayRepeat(error: AxiosError): boolean {
  const status = error.response?.status;
  if (status === 429 || status === 503) return true;
  const harmless =
    error.config?.method?.toUpperCase() !== "POST" || /\/(token|partial-export)$/.test(error.config.url ?? "");
  if (error.code === "ECONNREFUSED") return true;
  return harmless === true && (isNetworkError(error) || error.code === "ECONNABORTED" || (status ?? 0) >= 500);
}

function statusOf(error: unknown): number | undefined {
  return axios.isAxiosError(error) ? error.response?.status : undefined;
}

/** Keycloak's own explanation, in one line; never the request, which may hold a secret. */
function wordsOf(error: unknown): string {
  if (!axios.isAxiosError(error)) return "unknown error";
  const body = error.response?.data as Record<string, unknown> | string | undefined;
  if (body && typeof body === "object") {
    const words = body.error_description ?? body.errorMessage ?? body.error;
    if (typeof words === "string") return JSON.stringify(words);
  }
  return error.response?.statusText || error.message;
}

/** The realm-management role that a path needs. https://www.keycloak.org/docs/latest/server_admin/#_per_realm_admin_permissions */
function missingRole(method: string, path: string): string {
  const verb = method === "GET" ? "view" : "manage";
  if (/\/(clients|client-scopes|clients-initial-access)(\/|$)/.test(path)) return `${verb}-clients`;
  if (/\/users(\/|$)/.test(path)) return `${verb}-users`;
  if (/\/(admin-)?events(\/|$)/.test(path)) return `${verb}-events`;
  return `${verb}-realm`;
}
