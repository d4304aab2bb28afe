import { dropped, same, sameAs, section, type Row } from "../support/row.ts";

const FILE = "mcp-oauth/outputs.tf";
const ISSUER = "https://auth.example.com/auth/realms/mcp";
const ENDPOINTS = `${ISSUER}/protocol/openid-connect`;
const RESOURCE = "https://your-mcp-gateway.example.com/mcp";

const SETTING = "a setting of the environment's file, which whoever reads outputs has";
const DISCOVERED = "in the metadata behind discovery_url, where clients read it as well";
const HARD_CODED = "true whatever the realm is: it tells nobody anything";
const TEXT = "a text about the set-up is in docs/, where it is read before a deploy; outputs are for programs";

/** What the realm puts out. */
export const OUTPUTS_OF_REALM: readonly Row[] = section(
  FILE,
  "",
  [
    sameAs("issuer_url", ISSUER, ISSUER, "output realm.issuer: value"),
    sameAs(
      "openid_configuration_endpoint",
      `${ISSUER}/.well-known/openid-configuration`,
      `${ISSUER}/.well-known/openid-configuration`,
      "output realm.discovery_url: value",
    ),
    same(
      "client_registration_endpoint",
      `${ISSUER}/clients-registrations/openid-connect`,
      "output realm.registration_endpoint: value",
    ),
    sameAs("resource_server_uri", RESOURCE, { [RESOURCE]: "mcp:run" }, "output realm.mcp_scopes: value"),
    ...without("the last part of the issuer", { realm_name: "mcp", realm_id: "mcp" }),
    ...without(DISCOVERED, {
      authorization_endpoint: `${ENDPOINTS}/auth`,
      token_endpoint: `${ENDPOINTS}/token`,
      userinfo_endpoint: `${ENDPOINTS}/userinfo`,
      jwks_uri: `${ENDPOINTS}/certs`,
      end_session_endpoint: `${ENDPOINTS}/logout`,
      check_session_iframe: `${ENDPOINTS}/login-status-iframe.html`,
    }),
    ...without("RFC 8414 makes it from the issuer, and clients do", {
      oauth_authorization_server_metadata_endpoint: `${ISSUER}/.well-known/oauth-authorization-server`,
    }),
    ...without("it is the MCP server's, and RFC 9728 puts the well-known part before the path", {
      protected_resource_metadata_endpoint: `${RESOURCE}/.well-known/oauth-protected-resource`,
    }),
    ...without("policies are read and changed by the Admin API, at another address; fix-policies does it", {
      client_registration_policy_endpoint: `${ISSUER}/client-registration-policy/providers`,
    }),
    ...without("a variable of theirs that no resource takes", { refresh_token_lifespan: "30d" }),
    ...without(HARD_CODED, { pkce_supported: true, realm_enabled: true }),
    ...without(SETTING, {
      client_id: "mcp-spa-client",
      client_name: "MCP SPA Client",
      pkce_code_challenge_method: "S256",
      access_token_lifespan: "24h",
      ssl_required: "all",
      password_policy: "length(12) and …",
      valid_redirect_uris: "of mcp_spa_client",
      web_origins: "of mcp_spa_client",
      default_scopes: "of mcp_spa_client",
      optional_scopes: "of mcp_spa_client",
      realm_display_name: "MCP OAuth Realm",
    }),
    ...without(TEXT, { mcp_integration_example: "JSON", usage_instructions: "a page of text" }),
  ],
  "repository",
);

/** Outputs that no stack has under that name. */
function without(because: string, outputs: Readonly<Record<string, unknown>>) {
  return Object.entries(outputs).map(([name, value]) => dropped(name, value, because, `output *.${name}`));
}
