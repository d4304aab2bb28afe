import { changed, dropped, Including, missing, same, sameAs, section, type Row } from "../support/row.ts";
import { ONLY_REPOSITORY } from "./reasons.ts";

const FILE = "mcp-oauth/mcp-scopes.tf";
const LISTS = "mcp-oauth/mcp-realm-scopes.tf";
const ARTICLE = "article, Client Scopes and Audience Mapper";

const REALM_ID = "${keycloak_realm.realm.id}";
const SCOPE = "keycloak_openid_client_scope.scopes/mcprun";
const DEFAULT_SCOPES = ["profile", "email", "mcp:run", "roles", "web-origins", "acr", "basic"];
const HARDCODED = "keycloak_openid_hardcoded_claim_protocol_mapper";
const AUDIENCE = "keycloak_openid_audience_protocol_mapper";

const RESOURCE_CLIENT = "a client stands for the MCP server, so that RFC 8707 can be turned on (decision 3)";
const NO_SWITCH = "an audience mapper writes nothing but aud, and into no user info";
const USER_MAPPERS = {
  claim_value_type: "String",
  add_to_id_token: true,
  add_to_access_token: true,
  add_to_userinfo: true,
};
const PROFILE = "data.keycloak_openid_client_scope.profile.id";

const realmId = () => sameAs("realm_id", "keycloak_realm.mcp.id", REALM_ID);

/** The MCP server's scope, its mapper, and the realm's lists of scopes. */
export const SCOPES: readonly Row[] = [
  ...section(`${ARTICLE}: keycloak_openid_client_scope.mcp_run`, "keycloak_openid_client_scope", [
    realmId(),
    same("name", "mcp:run"),
    same("description", "Scope for MCP model execution with audience restriction"),
    same("consent_screen_text", "Access MCP model servers"),
    same("include_in_token_scope", true),
  ]),
  ...section(`${ARTICLE}: ${HARDCODED}.mcp_run_audience_mapper`, AUDIENCE, [
    realmId(),
    sameAs("client_scope_id", "keycloak_openid_client_scope.mcp_run.id", `\${${SCOPE}.id}`),
    same("name", "mcp-audience"),
    changed("claim_name", "aud", ["scopes/mcprun/audience"], RESOURCE_CLIENT, `${AUDIENCE} *`),
    changed(
      "claim_value",
      "var.resource_server_uri",
      "${keycloak_openid_client.mcp-servers/mcprun.client_id}",
      RESOURCE_CLIENT,
      "included_client_audience",
    ),
    dropped("claim_value_type", "String", NO_SWITCH),
    same("add_to_id_token", false),
    same("add_to_access_token", true),
    dropped("add_to_userinfo", false, NO_SWITCH),
  ]),
  ...section(
    `${ARTICLE}: keycloak_realm_default_client_scopes.mcp_realm_defaults`,
    "keycloak_realm_default_client_scopes",
    [realmId(), same("default_scopes", DEFAULT_SCOPES)],
  ),
  ...section("article, Step 5: init-from-parent.sh", "keycloak_openid_client", [
    same("--mcp-server-url", "https://mcp-server.example.com/mcp", "client_id"),
  ]),
  ...section(
    `${FILE}, keycloak_openid_client_scope.mcp_run`,
    "keycloak_openid_client_scope",
    [
      realmId(),
      same("name", "mcp:run"),
      same("description", "MCP Run Scope - Required for MCP operations"),
      same("include_in_token_scope", true),
      same("consent_screen_text", "Allow access to MCP resources"),
      dropped("gui_order", 1, ONLY_REPOSITORY),
    ],
    "repository",
  ),
  // The environment has audience: "hardcoded-claim".
  ...section(
    `${FILE}, ${HARDCODED}.mcp_run_audience_mapper`,
    HARDCODED,
    [
      realmId(),
      sameAs("client_scope_id", "keycloak_openid_client_scope.mcp_run.id", `\${${SCOPE}.id}`),
      same("name", "mcp-audience"),
      same("claim_name", "aud"),
      same("claim_value", "https://your-mcp-gateway.example.com/mcp"),
      same("claim_value_type", "String"),
      same("add_to_id_token", false),
      same("add_to_access_token", true),
      same("add_to_userinfo", false),
    ],
    "repository",
  ),
  ...["profile", "email"].flatMap((name) =>
    missing(
      `${FILE}, data.keycloak_openid_client_scope.${name}`,
      "data.keycloak_openid_client_scope *",
      "nothing is added to Keycloak's own scopes, so none is looked up",
      { realm_id: "keycloak_realm.mcp.id", name },
    ),
  ),
  ...missing(
    `${FILE}, keycloak_openid_user_property_protocol_mapper.user_id_mapper`,
    "keycloak_openid_user_property_protocol_mapper *",
    "sub is the user's id already",
    { ...mapperOf("user id"), user_property: "id", claim_name: "user_id" },
  ),
  ...missing(
    `${FILE}, keycloak_openid_user_realm_role_protocol_mapper.realm_roles_mapper`,
    "keycloak_openid_user_realm_role_protocol_mapper *",
    "Keycloak's own scope roles, a default one, writes realm_access.roles into access tokens already",
    { ...mapperOf("realm roles"), claim_name: "realm_access.roles" },
  ),
  ...missing(
    `${FILE}, keycloak_openid_group_membership_protocol_mapper.group_membership_mapper`,
    "keycloak_openid_group_membership_protocol_mapper *",
    "only in the repository: the token of the article has no groups",
    { ...mapperOf("groups"), claim_name: "groups", full_path: false },
  ),
  ...section(
    `${LISTS}, keycloak_realm_default_client_scopes.mcp_realm_defaults`,
    "keycloak_realm_default_client_scopes",
    [
      realmId(),
      same("default_scopes", DEFAULT_SCOPES),
      sameAs("depends_on", ["keycloak_openid_client_scope.mcp_run"], new Including(SCOPE)),
    ],
  ),
  ...section(
    `${LISTS}, keycloak_realm_optional_client_scopes.mcp_realm_optional`,
    "keycloak_realm_optional_client_scopes",
    [realmId(), same("optional_scopes", ["address", "phone", "offline_access", "microprofile-jwt"])],
  ),
];

function mapperOf(name: string) {
  return { realm_id: "keycloak_realm.mcp.id", client_scope_id: PROFILE, name, ...USER_MAPPERS };
}
