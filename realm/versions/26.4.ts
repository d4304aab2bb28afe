import type { KeycloakLine } from "./line.ts";

/** Keycloak 26.4: client URIs are checked by host only, and only redirect URIs are. */
export const keycloak26_4: KeycloakLine = {
  name: "26.4",
  hasWebOriginsPolicy: false,
  uriExecutors: (redirects) => [
    {
      executor: "secure-redirect-uris-enforcer",
      configuration: {
        "allow-ipv4-loopback-address": true,
        "allow-ipv6-loopback-address": true,
        "allow-http-scheme": true,
        "allow-private-use-uri-scheme": redirects.privateUseSchemes,
        "allow-permitted-domains": redirects.hosts.map((host) => host.replaceAll(".", "\\.")),
      },
    },
  ],
  gaps: {},
};
