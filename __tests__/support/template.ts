import { KeycloakProvider } from "@cdktf/provider-keycloak/provider";
import { Testing, type App, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

type Attributes = Record<string, unknown>;

/** Synthesized Terraform, as a test reads it. */
export interface Template {
  readonly json: Record<string, unknown>;
  /** All resources of a type, such as `keycloak_realm`, without metadata. */
  resources(type: string): Attributes[];
  /** The one resource of a type. */
  resource(type: string): Attributes;
  /** Addresses of all resources, sorted. */
  readonly addresses: readonly string[];
}

/** Synthesizes one construct in a stack of its own. */
export function synthConstruct(build: (scope: Construct) => void): Template {
  const stack = new TerraformStack(Testing.app(), "test");
  new KeycloakProvider(stack, "keycloak", { url: "https://auth.example.com", clientId: "test" });
  build(stack);
  return synthStack(stack);
}

/** Synthesizes a stack. */
export function synthStack(stack: TerraformStack): Template {
  const json = JSON.parse(Testing.synth(stack)) as Record<string, unknown>;
  const byType = (json.resource ?? {}) as Record<string, Record<string, Attributes>>;
  const resources = (type: string) =>
    Object.values(byType[type] ?? {}).map((attributes) => {
      const { "//": _metadata, ...rest } = attributes;
      return rest;
    });
  return {
    json,
    resources,
    resource(type) {
      const found = resources(type);
      if (found.length !== 1) throw new Error(`${found.length} resources of type ${type}, not one`);
      return found[0]!;
    },
    addresses: Object.entries(byType)
      .flatMap(([type, all]) => Object.keys(all).map((name) => `${type}.${name}`))
      .sort(),
  };
}

/** An app for tests, that writes nothing. */
export function testApp(): App {
  return Testing.app();
}
