import { changed, dropped, Including, same, sameAs, section, Text, type Row } from "../support/row.ts";

const SCOPES = "registration-policy Allowed Client Scopes";
const HOSTS = "registration-policy Trusted Hosts (anonymous)";
const OURS = ["openid", "profile", "email", "mcp:run"];

const DEFAULTS_ARE_IN = "allow-default-scopes lets the realm's default and optional scopes in as well";
const REMOVED = "the policy is removed, as the article does: client policies check redirect URIs instead";

/** What the article's shell scripts set, because Terraform cannot: phase 2. */
export const REGISTRATION: readonly Row[] = [
  ...section("article, Component 3: DCR Allowed Scopes Configuration", `${SCOPES} (anonymous)`, [
    same("allow-default-scopes", ["true"], "config.allow-default-scopes"),
    same("allowed-client-scopes", OURS, "config.allowed-client-scopes"),
  ]),
  ...section("article, Trusted Hosts Policy Removal", "", [
    sameAs("Trusted Hosts", "deleted", "absent", `${HOSTS}: state`),
    changed(
      "redirect URIs after that",
      "any",
      new Text("redirectUris"),
      "only those of known MCP clients; the article recommends it for production",
      "keycloak_realm_client_policy_profile client-policies/profile-mcp-dcr: executor.secure-client-uris-pattern.configuration.client-uri-fields",
    ),
  ]),
  // It finds policies by provider, so it changes both.
  ...["anonymous", "authenticated"].flatMap((subType) =>
    section(`mcp-oauth/fix-allowed-scopes.sh, ${subType}`, `${SCOPES} (${subType})`, [
      same("providerId", "allowed-client-templates"),
      same("allow-default-scopes", ["true"], "config.allow-default-scopes"),
      changed(
        "allowed-client-scopes",
        [...OURS, "offline_access", "address", "phone", "roles", "web-origins", "microprofile-jwt", "acr"],
        OURS,
        DEFAULTS_ARE_IN,
        "config.allowed-client-scopes",
      ),
    ]),
  ),
  ...section("mcp-oauth/disable-trusted-hosts.sh", HOSTS, [
    same("providerId", "trusted-hosts"),
    sameAs("component", "deleted", "absent", "state"),
  ]),
  ...section("mcp-oauth/update-dcr-policy.sh", HOSTS, [
    dropped(
      "host-sending-registration-request-must-match",
      ["false"],
      REMOVED,
      "config.host-sending-registration-request-must-match",
    ),
    dropped("client-uris-must-match", ["true"], REMOVED, "config.client-uris-must-match"),
    dropped("trusted-hosts", ["localhost", "127.0.0.1"], REMOVED, "config.trusted-hosts"),
  ]),
  ...section("mcp-oauth/enable-dcr.sh", "", [
    dropped(
      "Trusted Hosts, host-sending-registration-request-must-match",
      ["false"],
      REMOVED,
      `${HOSTS}: config.host-sending-registration-request-must-match`,
    ),
    dropped("Trusted Hosts, client-uris-must-match", ["false"], REMOVED, `${HOSTS}: config.client-uris-must-match`),
    same("Allowed Client Scopes, allow-default-scopes", ["true"], `${SCOPES} (anonymous): config.allow-default-scopes`),
    changed(
      "Allowed Client Scopes, allowed-client-scopes",
      [...OURS, "offline_access"],
      OURS,
      DEFAULTS_ARE_IN,
      `${SCOPES} (anonymous): config.allowed-client-scopes`,
    ),
    changed(
      "Max Clients, max-clients",
      ["500"],
      ["1000"],
      "nobody can register any more when it is reached; registration.maxClients sets it",
      "registration-policy Max Clients Limit (anonymous): config.max-clients",
    ),
  ]),
  ...section("mcp-oauth/deploy.sh", "keycloak_realm_default_client_scopes", [
    sameAs("realm's default scopes get mcp:run", "mcp:run", new Including("mcp:run"), "default_scopes"),
  ]),
];
