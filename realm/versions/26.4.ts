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
  gaps: {
    "hole.redirect-schemes": "Keycloak 26.4 allows every private-use scheme or none; 26.7 has patterns",
    "hole.redirect-paths": "Keycloak 26.4 checks the host of a redirect URI only; 26.7 has patterns",
    "hole.server-side-requests": "Keycloak 26.4 has no rule for jwks_uri and its like; 26.7 refuses them",
    "hole.web-origins": "Keycloak 26.4 has no rule for web origins; 26.7 refuses the wildcard",
  },
};
