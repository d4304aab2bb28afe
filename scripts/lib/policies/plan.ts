import type { RealmDefinition } from "../../../realm/definition.ts";
import { policyTitle, type RegistrationPolicy } from "../../../realm/registration-policies.ts";
import { DISCOVERABLE_ATTRIBUTE } from "../../../realm/representation.ts";
import type { ClientScope } from "../keycloak/client-scopes.ts";
import type { Component } from "../keycloak/components.ts";
import { diffClientPolicies, type LiveClientPolicies } from "../drift/client-policies.ts";
import type { Difference } from "../drift/difference.ts";

/** One key of a policy's configuration that differs. */
export interface ConfigChange {
  readonly key: string;
  /** All values as defined, and as they are. */
  readonly wanted: readonly string[];
  readonly live: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** One thing to do to the registration policies, or to which scopes discovery lists. */
export type RegistrationChange =
  | { readonly action: "create"; readonly title: string; readonly policy: RegistrationPolicy }
  | {
      readonly action: "update";
      readonly title: string;
      readonly component: Component;
      readonly changes: readonly ConfigChange[];
    }
  | { readonly action: "delete"; readonly title: string; readonly id: string; readonly reason: string }
  | { readonly action: "list" | "unlist"; readonly title: string; readonly scope: ClientScope };

/** Client profiles and policies that are to be written, as whole lists: there is no other way to write them. */
export interface RestoreChange {
  readonly action: "restore";
  readonly title: string;
  readonly differences: readonly Difference[];
  readonly clientPolicies: LiveClientPolicies;
}

/** One thing to do, so that the live realm is as it is defined. */
export type PolicyChange = RestoreChange | RegistrationChange;

/** What of the live realm registration policies are compared with. */
export interface LiveRegistration {
  readonly components: readonly Component[];
  readonly scopes: readonly ClientScope[];
}

/** What of the live realm the plan is made from. */
export interface LivePolicies extends LiveRegistration {
  readonly clientPolicies: LiveClientPolicies;
}

/**
 * Compares the live realm with its definition. Closing changes come before opening ones, so that a run that is
 * interrupted never leaves the realm more open than it found it: client policies first, Trusted Hosts last.
 */
export function planPolicies(definition: RealmDefinition, live: LivePolicies): PolicyChange[] {
  return [...planClientPolicies(definition, live.clientPolicies), ...planRegistrationPolicies(definition, live)];
}

/**
 * Client policies are Terraform's to make, but release 5.6.0 of its provider does not notice when one is gone: it would
 * plan nothing for ever. Ones that nobody defined stay; `verify` reports them.
 */
function planClientPolicies(definition: RealmDefinition, live: LiveClientPolicies): RestoreChange[] {
  const differences = diffClientPolicies(definition, live, "allowed");
  if (differences.length === 0) return [];
  const { clientProfiles, clientPolicies } = definition;
  const others = <Thing extends { name?: string }>(all: readonly Thing[] = [], defined: readonly { name: string }[]) =>
    all.filter((thing) => !defined.some(({ name }) => name === thing.name));
  return [
    {
      action: "restore",
      title: "client policies",
      differences,
      clientPolicies: {
        profiles: [...(clientProfiles as never[]), ...others(live.profiles, clientProfiles)],
        policies: [...(clientPolicies as never[]), ...others(live.policies, clientPolicies)],
      },
    },
  ];
}

/** The part of the plan that is about registration policies and discovery. */
export function planRegistrationPolicies(definition: RealmDefinition, live: LiveRegistration): RegistrationChange[] {
  const present = definition.registrationPolicies.filter((policy) => policy.state === "present");
  const absent = definition.registrationPolicies.filter((policy) => policy.state === "absent");
  return [
    ...present.flatMap((policy) => planPolicy(policy, live.components)),
    ...planDiscovery(definition, live.scopes),
    ...absent.flatMap((policy) =>
      matching(policy, live.components).map((component): RegistrationChange => ({
        action: "delete",
        title: policyTitle(policy),
        id: component.id!,
        reason: "the client policy holds redirect URIs to the allowed ones instead",
      })),
    ),
  ];
}

/** A component is found by provider and subtype: its name is free text, and repeats across subtypes. */
function matching(policy: RegistrationPolicy, components: readonly Component[]): Component[] {
  return components.filter((live) => live.providerId === policy.providerId && live.subType === policy.subType);
}

function planPolicy(policy: RegistrationPolicy, components: readonly Component[]): RegistrationChange[] {
  const title = policyTitle(policy);
  const candidates = matching(policy, components)
    .map((component) => ({ component, changes: configChanges(policy, component) }))
    .sort((a, b) => a.changes.length - b.changes.length || a.component.id!.localeCompare(b.component.id!));
  const [best, ...duplicates] = candidates;
  if (!best) return [{ action: "create", title, policy }];
  return [
    ...(best.changes.length > 0
      ? [{ action: "update" as const, title, component: withChanges(policy, best.component), changes: best.changes }]
      : []),
    ...duplicates.map(({ component }): RegistrationChange => ({
      action: "delete",
      title,
      id: component.id!,
      reason: "it is there more than once",
    })),
  ];
}

function configChanges(policy: RegistrationPolicy, component: Component): ConfigChange[] {
  return Object.entries(policy.config).flatMap(([key, wanted]) => {
    const live = configValues(component, key);
    const added = wanted.filter((value) => !live.includes(value));
    const removed = live.filter((value) => !wanted.includes(value));
    return added.length + removed.length > 0 ? [{ key, wanted, live, added, removed }] : [];
  });
}

/** Values of a key; Keycloak leaves a key out when it has none, and may give a single empty string. */
function configValues(component: Component, key: string): string[] {
  const config = component.config as Record<string, string[] | string | undefined> | undefined;
  const value = config?.[key];
  return (Array.isArray(value) ? value : value === undefined ? [] : [value]).filter((entry) => entry !== "");
}

/** The whole representation, as PUT needs it: keys that the definition does not name stay. */
function withChanges(policy: RegistrationPolicy, component: Component): Component {
  const wanted = Object.fromEntries(Object.entries(policy.config).map(([key, values]) => [key, [...values]]));
  return { ...component, config: { ...component.config, ...wanted } };
}

function planDiscovery(definition: RealmDefinition, scopes: readonly ClientScope[]): RegistrationChange[] {
  return scopes
    .filter((scope) => scope.protocol === "openid-connect")
    .flatMap((scope): RegistrationChange[] => {
      const listed = scope.attributes?.[DISCOVERABLE_ATTRIBUTE] !== "false";
      const wanted = definition.discoverableScopes.includes(scope.name!);
      if (listed === wanted) return [];
      const attributes = { ...scope.attributes, [DISCOVERABLE_ATTRIBUTE]: String(wanted) };
      return [{ action: wanted ? "list" : "unlist", title: scope.name!, scope: { ...scope, attributes } }];
    })
    .sort((a, b) => a.title.localeCompare(b.title));
}
