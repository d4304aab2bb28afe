import type ClientPoliciesRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientPoliciesRepresentation.js";
import type ClientProfilesRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientProfilesRepresentation.js";
import type { AdminClient } from "./admin-client.ts";
import type { ClientScope } from "./client-scopes.ts";
import { REGISTRATION_POLICY, type Component } from "./components.ts";

/** Everything in a realm that decides what a client may register. */
export interface RealmPolicies {
  readonly components: Component[];
  readonly scopes: ClientScope[];
  readonly clientPolicies: {
    readonly profiles: ClientProfilesRepresentation["profiles"];
    readonly policies: ClientPoliciesRepresentation["policies"];
  };
}

type ExportedComponent = Component & { readonly subComponents?: object };

interface PartialExport {
  readonly id: string;
  readonly components?: Readonly<Record<string, ExportedComponent[]>>;
  readonly clientScopes?: ClientScope[];
  readonly clientProfiles?: ClientProfilesRepresentation;
  readonly clientPolicies?: ClientPoliciesRepresentation;
}

/**
 * Reads them at one moment, by one request: a partial export, which changes nothing and has its secrets masked. Needs
 * the role manage-realm. https://www.keycloak.org/docs/latest/server_admin/#partial-export
 */
export async function readPolicies(admin: AdminClient): Promise<RealmPolicies> {
  const exported = await admin.send<PartialExport>({
    method: "POST",
    path: "/partial-export",
    query: { exportClients: false, exportGroupsAndRoles: false },
  });
  return {
    components: (exported.components?.[REGISTRATION_POLICY] ?? []).map(
      // An export nests components; to replace one takes a flat representation that names its parent and type.
      ({ subComponents: _nested, ...component }) => ({
        ...component,
        parentId: exported.id,
        providerType: REGISTRATION_POLICY,
      }),
    ),
    scopes: exported.clientScopes ?? [],
    clientPolicies: {
      profiles: exported.clientProfiles?.profiles,
      policies: exported.clientPolicies?.policies,
    },
  };
}
