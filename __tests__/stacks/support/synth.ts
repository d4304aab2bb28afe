import { loadEnvironment } from "../../../environments/index.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { KeycloakStack } from "../../../stacks/keycloak-stack.ts";
import { RegistryStack } from "../../../stacks/registry-stack.ts";
import { synthStack, testApp, withoutStackTraces, type Template } from "../../support/template.ts";

/** The stack `<environment>-keycloak`. */
export function keycloakStack(environment: EnvironmentOnAws): Template {
  return withoutStackTraces(() => synthStack(new KeycloakStack(testApp(), environment)));
}

/** The stack `<environment>-registry`. */
export function registryStack(environment: EnvironmentOnAws): Template {
  return withoutStackTraces(() => synthStack(new RegistryStack(testApp(), environment)));
}

/** One of the examples in `environments/` that are on AWS. */
export async function example(name: "production" | "development" | "intranet"): Promise<EnvironmentOnAws> {
  return (await loadEnvironment(name)) as EnvironmentOnAws;
}
