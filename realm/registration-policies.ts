/** Which clients may register: `anonymous` without any token, `authenticated` with an initial access token. */
export type RegistrationSubType = "anonymous" | "authenticated";

/**
 * One client registration policy: a component of the realm, identified by provider and subtype (names repeat across
 * subtypes). https://www.keycloak.org/securing-apps/client-registration#_client_registration_policies
 */
export interface RegistrationPolicy {
  /** The name that the admin console shows. */
  readonly name: string;
  readonly providerId: string;
  readonly subType: RegistrationSubType;
  /** `absent`: the component is removed where it is found. */
  readonly state: "present" | "absent";
  /** Values per key, order without meaning. Keys that are not named here are left as they are. */
  readonly config: Readonly<Record<string, readonly string[]>>;
}

/** What an environment decides about registration. */
export interface RegistrationRules {
  /** Scopes that a client may name when it registers, beside the realm's own default and optional ones. */
  readonly allowedScopes: readonly string[];
  /** `remove`, or the hosts that client URIs must have. */
  readonly trustedHosts: "remove" | readonly string[];
  /** Origins of browser pages that may register, such as `http://localhost:6274` (MCP Inspector). */
  readonly webOrigins: readonly string[];
  /** Number of clients in the realm, built-in ones included, from which on nobody can register. */
  readonly maxClients: number;
  /** Whether this Keycloak has the policy "Allowed Registration Web Origins". */
  readonly hasWebOriginsPolicy: boolean;
}

const SUB_TYPES: readonly RegistrationSubType[] = ["anonymous", "authenticated"];

/** The complete list of registration policies, anonymous before authenticated. */
export function registrationPolicies(rules: RegistrationRules): RegistrationPolicy[] {
  const both = (name: string, providerId: string, config: RegistrationPolicy["config"]): RegistrationPolicy[] =>
    SUB_TYPES.map((subType) => ({ name, providerId, subType, state: "present", config }));
  const anonymous = (
    name: string,
    providerId: string,
    config: RegistrationPolicy["config"],
    state: RegistrationPolicy["state"] = "present",
  ): RegistrationPolicy => ({ name, providerId, subType: "anonymous", state, config });

  return [
    ...both("Allowed Client Scopes", "allowed-client-templates", {
      "allow-default-scopes": ["true"],
      // `openid` is no client scope, yet a client that names it when it registers gets 403 unless it is listed.
      "allowed-client-scopes": ["openid", ...rules.allowedScopes],
    }),
    rules.trustedHosts === "remove"
      ? anonymous("Trusted Hosts", "trusted-hosts", {}, "absent")
      : anonymous("Trusted Hosts", "trusted-hosts", {
          "trusted-hosts": rules.trustedHosts,
          "client-uris-must-match": ["true"],
          // The sender is a person's machine, anywhere: only the client's URIs can be held to hosts.
          "host-sending-registration-request-must-match": ["false"],
        }),
    ...(rules.hasWebOriginsPolicy
      ? both("Allowed Registration Web Origins", "registration-web-origins", { "web-origins": rules.webOrigins })
      : []),
    anonymous("Max Clients Limit", "max-clients", { "max-clients": [String(rules.maxClients)] }),
    // No mapper at all: one of them could write another person's name into `sub`.
    ...both("Allowed Protocol Mapper Types", "allowed-protocol-mappers", { "allowed-protocol-mapper-types": [] }),
    anonymous("Consent Required", "consent-required", {}),
    anonymous("Full Scope Disabled", "scope", {}),
  ];
}

/** How messages name a policy: `Allowed Client Scopes (anonymous)`. */
export function policyTitle(policy: Pick<RegistrationPolicy, "name" | "subType">): string {
  return `${policy.name} (${policy.subType})`;
}
