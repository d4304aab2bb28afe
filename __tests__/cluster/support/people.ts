import axios, { type AxiosInstance, type AxiosResponse } from "axios";
import { randomBytes } from "node:crypto";
import { createUser } from "../../../scripts/lib/keycloak/users.ts";
import { throwawayPassword } from "../../../scripts/lib/local/people.ts";
import { logIn, type Person } from "../../../scripts/lib/verify/login-pages.ts";
import { pkcePair } from "../../../scripts/lib/verify/pkce.ts";
import type { TestCluster } from "./test-cluster.ts";

const REDIRECT = "http://localhost:33418/callback";
const CLIENT = "cluster-test-client";
const RESOURCE_SERVER = "cluster-test-resource-server";

/** The tokens of one login. */
export interface Session {
  accessToken: string;
  refreshToken: string;
}

/** An answer that was not the one that was hoped for. */
export class Refused extends Error {
  constructor(
    readonly what: "login" | "token" | "refresh" | "introspection",
    readonly status: number,
    text: string,
  ) {
    super(`${what} answers ${status}: ${text}`);
  }
}

/**
 * People with a client, who come through the balancer like everybody else. Each logs in once at a time: two logins of one
 * user at once look like an attack to Keycloak, which then refuses both.
 */
export class TestPeople {
  private readonly http: AxiosInstance;
  private readonly endpoints: string;

  private constructor(
    cluster: TestCluster,
    private readonly idle: Person[],
    private readonly secret: string,
  ) {
    this.endpoints = `${cluster.url}/realms/${cluster.realm}/protocol/openid-connect`;
    this.http = axios.create({ validateStatus: () => true, maxRedirects: 0, proxy: false, timeout: 30_000 });
  }

  /** Makes the people, a public client with PKCE, and a resource server that may ask whether tokens are good. */
  static async make(cluster: TestCluster, count = 24): Promise<TestPeople> {
    const { admin } = cluster;
    const secret = randomBytes(24).toString("base64url");
    const people: Person[] = [];
    for (let number = 1; number <= count; number += 1) {
      const person = { username: `person-${number}`, password: throwawayPassword() };
      const email = `${person.username}@example.invalid`;
      await createUser(admin, { ...person, firstName: "Some", lastName: "Body", email });
      people.push(person);
    }
    for (const client of [
      {
        clientId: CLIENT,
        publicClient: true,
        redirectUris: [REDIRECT],
        attributes: { "pkce.code.challenge.method": "S256" },
        // Keycloak tells about a token only those whom it is for.
        protocolMappers: [audienceMapper(RESOURCE_SERVER)],
      },
      { clientId: RESOURCE_SERVER, publicClient: false, secret, standardFlowEnabled: false },
    ])
      await admin.send({ method: "POST", path: "/clients", body: client });
    return new TestPeople(cluster, people, secret);
  }

  /**
   * Logs in, with PKCE.
   * @param nodes values of the balancer's cookie for the requests in turn, the last one for all that follow
   */
  async logIn(nodes: readonly string[] = []): Promise<Session> {
    const { verifier, challenge } = pkcePair();
    const start = new URL(`${this.endpoints}/auth`);
    start.search = new URLSearchParams({
      client_id: CLIENT,
      redirect_uri: REDIRECT,
      response_type: "code",
      scope: "openid mcp:run",
      code_challenge: challenge,
      code_challenge_method: "S256",
    }).toString();
    const person = this.idle.shift();
    if (!person) throw new Error("more logins at once than people");
    const http = nodes.length > 0 ? leadTo(nodes) : this.http;
    const outcome = await logIn(http, start, REDIRECT, person).finally(() => this.idle.push(person));
    const code = outcome.redirect.searchParams.get("code");
    if (!code) throw new Refused("login", 302, outcome.redirect.search);
    return this.tokens("token", {
      grant_type: "authorization_code",
      code,
      redirect_uri: REDIRECT,
      code_verifier: verifier,
      client_id: CLIENT,
    });
  }

  /** Takes new tokens for the session's; the old refresh token is used up. */
  async refresh(session: Session): Promise<void> {
    const next = await this.tokens("refresh", {
      grant_type: "refresh_token",
      refresh_token: session.refreshToken,
      client_id: CLIENT,
    });
    Object.assign(session, next);
  }

  /** Asks as a resource server whether the session's access token is good. */
  async introspect({ accessToken }: Session): Promise<boolean> {
    const { status, data } = await this.post<{ active?: boolean }>("token/introspect", {
      token: accessToken,
      client_id: RESOURCE_SERVER,
      client_secret: this.secret,
    });
    if (status !== 200) throw new Refused("introspection", status, JSON.stringify(data));
    return data.active === true;
  }

  private async tokens(what: "token" | "refresh", form: Record<string, string>): Promise<Session> {
    const { status, data } = await this.post<{ access_token: string; refresh_token: string }>("token", form);
    if (status !== 200) throw new Refused(what, status, JSON.stringify(data));
    return { accessToken: data.access_token, refreshToken: data.refresh_token };
  }

  private post<Body>(path: string, form: Record<string, string>): Promise<AxiosResponse<Body>> {
    return this.http.post<Body>(`${this.endpoints}/${path}`, new URLSearchParams(form));
  }
}

function audienceMapper(clientId: string) {
  return {
    name: "audience",
    protocol: "openid-connect",
    protocolMapper: "oidc-audience-mapper",
    config: { "included.client.audience": clientId, "access.token.claim": "true" },
  };
}

/** An HTTP client that the balancer leads to one node after the other. */
function leadTo(nodes: readonly string[]): AxiosInstance {
  const http = axios.create({ validateStatus: () => true, maxRedirects: 0, proxy: false, timeout: 30_000 });
  let count = 0;
  http.interceptors.request.use((config) => {
    const own = String(config.headers.get("Cookie") ?? "").replace(/(^|; )AWSALB=[^;]*/, "");
    const node = nodes[Math.min(count++, nodes.length - 1)];
    config.headers.set("Cookie", [own, `AWSALB=${node}`].filter(Boolean).join("; "));
    return config;
  });
  return http;
}
