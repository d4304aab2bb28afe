import { OpenidAudienceProtocolMapper } from "@cdktf/provider-keycloak/openid-audience-protocol-mapper";
import { OpenidClientScope } from "@cdktf/provider-keycloak/openid-client-scope";
import { OpenidHardcodedClaimProtocolMapper } from "@cdktf/provider-keycloak/openid-hardcoded-claim-protocol-mapper";
import { RealmDefaultClientScopes } from "@cdktf/provider-keycloak/realm-default-client-scopes";
import { RealmOptionalClientScopes } from "@cdktf/provider-keycloak/realm-optional-client-scopes";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { AudienceMapper, McpScope } from "../realm/definition.ts";

/** Props of {@link McpScopes}. */
export interface McpScopesProps {
  /** Reference to the realm's name. */
  readonly realmId: string;
  /** One per MCP server. */
  readonly scopes: readonly McpScope[];
  /** References to the clients that stand for the MCP servers, by resource URI. */
  readonly resourceClientIds: ReadonlyMap<string, string>;
  /** Names of the scopes that every new client has; Keycloak's others are removed from the list. */
  readonly defaultScopes: readonly string[];
  /** Names of the scopes that a client may ask for; Keycloak's others are removed from the list. */
  readonly optionalScopes: readonly string[];
}

/** The MCP servers' scopes, each with the mapper that writes `aud` into access tokens, and the realm's scope lists. */
export class McpScopes extends Construct {
  /** The realm's scope lists: a client that is to inherit scopes is made after them. */
  readonly lists: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: McpScopesProps) {
    super(scope, id);
    const { realmId } = props;
    const scopes = props.scopes.map((mcpScope) => {
      const clientScope = new OpenidClientScope(this, mcpScope.name, {
        realmId,
        name: mcpScope.name,
        description: mcpScope.description,
        consentScreenText: mcpScope.consentText,
        includeInTokenScope: mcpScope.includeInTokenScope,
      });
      this.addMapper(mcpScope.mapper, { realmId, clientScopeId: clientScope.id }, clientScope, props.resourceClientIds);
      return clientScope;
    });

    // Optional first: Keycloak refuses a scope that would be on both lists, and new ones go from optional to default.
    const optional = new RealmOptionalClientScopes(this, "optional", {
      realmId,
      optionalScopes: [...props.optionalScopes],
      dependsOn: scopes,
    });
    const defaults = new RealmDefaultClientScopes(this, "default", {
      realmId,
      defaultScopes: [...props.defaultScopes],
      dependsOn: [...scopes, optional],
    });
    this.lists = [optional, defaults];
  }

  private addMapper(
    { kind, name, audience }: AudienceMapper,
    place: { realmId: string; clientScopeId: string },
    parent: Construct,
    resourceClientIds: ReadonlyMap<string, string>,
  ): void {
    const common = { ...place, name, addToAccessToken: true, addToIdToken: false };
    if (kind === "resource-client")
      new OpenidAudienceProtocolMapper(parent, "audience", {
        ...common,
        includedClientAudience: resourceClientIds.get(audience)!,
      });
    else
      new OpenidHardcodedClaimProtocolMapper(parent, "audience", {
        ...common,
        addToUserinfo: false,
        claimName: "aud",
        claimValue: audience,
        claimValueType: "String",
      });
  }
}
