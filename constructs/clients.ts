import { OpenidClient } from "@cdktf/provider-keycloak/openid-client";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { ResourceClient, SpaClient } from "../realm/definition.ts";

/** Props of {@link ResourceClients}. */
export interface ResourceClientsProps {
  /** Reference to the realm's name. */
  readonly realmId: string;
  /** One per MCP server. */
  readonly clients: readonly ResourceClient[];
}

/** What no flow can be started with. A public client has no secret that could get into Terraform's state. */
const NO_FLOWS = {
  accessType: "PUBLIC",
  standardFlowEnabled: false,
  implicitFlowEnabled: false,
  directAccessGrantsEnabled: false,
  serviceAccountsEnabled: false,
  fullScopeAllowed: false,
} as const;

/**
 * Clients that stand for the MCP servers; nobody can log in with them. Audience mappers name them, and with RFC 8707 on
 * Keycloak finds them by their attribute `resource_url`.
 */
export class ResourceClients extends Construct {
  /** References to the client ids, by resource URI, for audience mappers. */
  readonly clientIds: ReadonlyMap<string, string>;

  constructor(scope: Construct, id: string, { realmId, clients }: ResourceClientsProps) {
    super(scope, id);
    this.clientIds = new Map(
      clients.map((client) => {
        const resource = new OpenidClient(this, client.scope, {
          realmId,
          clientId: client.clientId,
          name: client.name,
          enabled: true,
          ...NO_FLOWS,
          extraConfig: { resource_url: client.clientId },
        });
        return [client.clientId, resource.clientId];
      }),
    );
  }
}

/** Props of {@link SinglePageApplication}. */
export interface SinglePageApplicationProps {
  /** Reference to the realm's name. */
  readonly realmId: string;
  readonly client: SpaClient;
  /** The realm's scope lists, which it inherits when it is made. */
  readonly scopeLists: readonly ITerraformDependable[];
}

/**
 * A public single-page application that is registered by hand: code flow with PKCE S256 only, exact redirect URIs, and
 * the scopes that the realm gives every new client.
 */
export class SinglePageApplication extends Construct {
  constructor(scope: Construct, id: string, { realmId, client, scopeLists }: SinglePageApplicationProps) {
    super(scope, id);
    new OpenidClient(this, "client", {
      realmId,
      clientId: client.clientId,
      name: client.name,
      enabled: true,
      ...NO_FLOWS,
      standardFlowEnabled: true,
      pkceCodeChallengeMethod: "S256",
      validRedirectUris: [...client.redirectUris],
      webOrigins: [...client.webOrigins],
      dependsOn: [...scopeLists],
    });
  }
}
