import type { ClientPolicy, ClientProfile, Condition, Executor } from "./client-policy-types.ts";
import type { KeycloakLine } from "./versions/line.ts";
import type { RedirectRules } from "./redirect-uris.ts";

export type { ClientPolicy, ClientProfile, Condition, Executor, PolicyValue } from "./client-policy-types.ts";

/** Every client that registers itself, or changes itself afterwards with its registration access token. */
const SELF_REGISTERED: Condition = {
  condition: "client-updater-context",
  configuration: { "update-client-source": ["ByAnonymous", "ByInitialAccessToken", "ByRegistrationAccessToken"] },
};

/**
 * Grants that give a token without a login that goes back to an allowed redirect URI: with no user at all, with a password
 * that the client has seen, or approved on a device where nobody sees who will get the token (RFC 8628 section 5.4, CIBA).
 */
const REFUSED_GRANTS = [
  "client_credentials",
  "password",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:openid:params:grant-type:ciba",
];

const auto = (executor: string): Executor => ({ executor, configuration: { "auto-configure": true } });

/** What self-registered clients are held to. */
export function clientProfiles(line: KeycloakLine, redirects: RedirectRules): ClientProfile[] {
  return [
    {
      name: "mcp-dcr",
      description: "What a client that registers itself is held to: PKCE S256, consent, code flow, known URIs",
      executors: [
        auto("pkce-enforcer"),
        auto("consent-required"),
        auto("full-scope-disabled"),
        auto("reject-implicit-grant"),
        auto("reject-ropc-grant"),
        { executor: "secure-logout", configuration: { "allow-front-channel-logout": false } },
        ...line.uriExecutors(redirects),
      ],
    },
    {
      // Not reject-request: beside client-type that refuses administrators too, who could not even see such a client.
      name: "mcp-no-registration",
      description: "Refuses registration and change: no way for a client to authenticate is allowed",
      executors: [{ executor: "secure-client-authenticator", configuration: { "allowed-client-authenticators": [] } }],
    },
    {
      name: "mcp-refuse",
      description: "Refuses the request",
      executors: [{ executor: "reject-request", configuration: {} }],
    },
  ];
}

/** Which requests the profiles apply to. */
export function clientPolicies(): ClientPolicy[] {
  return [
    {
      name: "mcp-dcr",
      description: "Self-registered clients, at registration and at every later change by themselves",
      enabled: true,
      conditions: [SELF_REGISTERED],
      profiles: ["mcp-dcr"],
    },
    {
      name: "mcp-no-saml",
      description: "Nobody registers a SAML client by himself: there is no SAML in OAuth",
      enabled: true,
      conditions: [SELF_REGISTERED, { condition: "client-type", configuration: { protocol: "saml" } }],
      profiles: ["mcp-no-registration"],
    },
    {
      // grant-type must stand alone: beside another condition that abstains it refuses every login.
      name: "mcp-needs-a-user",
      description: "No token without a user who logged in at an allowed redirect URI, and consented",
      enabled: true,
      conditions: [{ condition: "grant-type", configuration: { grant_types: REFUSED_GRANTS } }],
      profiles: ["mcp-refuse"],
    },
  ];
}
