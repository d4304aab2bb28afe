import type ComponentRepresentation from "@keycloak/keycloak-admin-client/lib/defs/componentRepresentation.js";
import type { AdminClient } from "./admin-client.ts";

/** A component as the Admin API gives it. */
export type Component = ComponentRepresentation;

/** Provider type of client registration policies. */
export const REGISTRATION_POLICY = "org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy";

/** All client registration policies of the realm, anonymous and authenticated. */
export function listRegistrationPolicies(admin: AdminClient): Promise<Component[]> {
  return admin.send({ path: "/components", query: { type: REGISTRATION_POLICY } });
}

/** Adds a registration policy. */
export async function createRegistrationPolicy(
  admin: AdminClient,
  policy: { name: string; providerId: string; subType: string; config: Record<string, string[]> },
): Promise<void> {
  await admin.send({
    method: "POST",
    path: "/components",
    body: { ...policy, providerType: REGISTRATION_POLICY },
  });
}

/** Replaces a component: the representation must be whole, as it was read. */
export async function updateComponent(admin: AdminClient, component: Component): Promise<void> {
  await admin.send({ method: "PUT", path: `/components/${component.id}`, body: component });
}

/** Removes a component; one that is gone already is no error. */
export async function deleteComponent(admin: AdminClient, id: string): Promise<void> {
  await admin.exchange({ method: "DELETE", path: `/components/${id}`, accept: [404] });
}

/** Which registration policies this Keycloak has at all. */
export async function registrationPolicyProviders(admin: AdminClient): Promise<string[]> {
  const info = await admin.send<{ componentTypes?: Record<string, { id: string }[]> }>({ path: "/admin/serverinfo" });
  return (info.componentTypes?.[REGISTRATION_POLICY] ?? []).map((provider) => provider.id);
}
