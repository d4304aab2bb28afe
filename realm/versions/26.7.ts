import type { Executor } from "../client-policies.ts";
import type { KeycloakLine } from "./line.ts";

const pattern = (fields: string[], patterns: readonly string[]): Executor => ({
  executor: "secure-client-uris-pattern",
  configuration: { "client-uri-fields": fields, "allowed-patterns": patterns },
});

/** Keycloak 26.7: client URIs are held against regular expressions, RFC 8707 is an experimental feature. */
export const keycloak26_7: KeycloakLine = {
  name: "26.7",
  hasWebOriginsPolicy: true,
  resourceIndicatorsFeature: "resource-indicators",
  uriExecutors: (redirects) => [
    pattern(["redirectUris", "postLogoutRedirectUris"], redirects.patterns),
    // A client's origins are those of its own redirect URIs; only the wildcard is refused.
    pattern(["webOrigins"], ["[^*]+"]),
    // Shown on the consent page, so they must not run scripts there.
    pattern(["baseUrl", "logoUri", "policyUri", "tosUri"], ["https://.+"]),
    // Fetched by the server itself: nobody who is not known may choose where to.
    pattern(
      [
        "rootUrl",
        "adminUrl",
        "jwksUri",
        "requestUris",
        "backchannelLogoutUrl",
        "cibaClientNotificationEndpoint",
        "sectorIdentifierUri",
      ],
      [],
    ),
  ],
  gaps: {},
};
