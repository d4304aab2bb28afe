import { KeycloakProvider, type KeycloakProviderConfig } from "@cdktf/provider-keycloak/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { ClientPolicies } from "../constructs/client-policies.ts";
import { ResourceClients, SinglePageApplication } from "../constructs/clients.ts";
import { literals } from "../constructs/literals.ts";
import { McpRealm } from "../constructs/realm.ts";
import { McpScopes } from "../constructs/scopes.ts";
import type { Environment } from "../environments/schema/index.ts";
import { realmDefinition } from "../realm/definition.ts";
import { keepState } from "./backend.ts";

/** The realm of one environment, as phase 1 of the deployment: `<environment>-realm`. */
export class RealmStack extends TerraformStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, `${environment.name}-realm`);
    const definition = literals(realmDefinition(environment));
    const { url } = environment.keycloak;

    keepState(this, environment);
    new KeycloakProvider(this, "keycloak", {
      url: new URL(url).origin,
      basePath: new URL(url).pathname.replace(/\/$/, ""),
      // The provider reads the administrator from KEYCLOAK_* variables; nothing of it is in the synthesized JSON.
    } as KeycloakProviderConfig);

    const { realmId } = new McpRealm(this, "realm", {
      name: definition.realm,
      settings: definition.settings,
      deletionProtection: environment.realm.deletionProtection,
    });
    const resources = new ResourceClients(this, "mcp-servers", { realmId, clients: definition.resourceClients });
    const scopes = new McpScopes(this, "scopes", {
      realmId,
      scopes: definition.mcpScopes,
      resourceClientIds: resources.clientIds,
      defaultScopes: definition.defaultScopes,
      optionalScopes: definition.optionalScopes,
    });
    new ClientPolicies(this, "client-policies", {
      realmId,
      profiles: definition.clientProfiles,
      policies: definition.clientPolicies,
    });
    if (definition.spaClient)
      new SinglePageApplication(this, "spa", { realmId, client: definition.spaClient, scopeLists: scopes.lists });

    const issuer = `${url}/realms/${definition.realm}`;
    const output = (id: string, value: unknown, description: string) =>
      new TerraformOutput(this, id, { value, description, staticId: true });
    output("issuer", issuer, "Issuer of the tokens: authorization_servers of an MCP server's RFC 9728 metadata");
    output("discovery_url", `${issuer}/.well-known/openid-configuration`, "Metadata of the authorization server");
    output("registration_endpoint", `${issuer}/clients-registrations/openid-connect`, "RFC 7591 registration");
    output(
      "mcp_scopes",
      Object.fromEntries(definition.mcpScopes.map((mcp) => [mcp.mapper.audience, mcp.name])),
      "Scope of each MCP server: scopes_supported of its RFC 9728 metadata",
    );
  }
}
