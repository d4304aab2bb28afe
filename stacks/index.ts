import type { Construct } from "constructs";
import { isOnAws } from "../environments/schema/on-aws.ts";
import type { Environment } from "../environments/schema/index.ts";
import { KeycloakStack } from "./keycloak-stack.ts";
import { RealmStack } from "./realm-stack.ts";
import { RegistryStack } from "./registry-stack.ts";

/** Makes the stacks of an environment, each after those it needs: registry, keycloak, realm. */
export function addStacks(app: Construct, environment: Environment): void {
  const realm = new RealmStack(app, environment);
  if (!isOnAws(environment)) return;
  const registry = new RegistryStack(app, environment);
  const keycloak = new KeycloakStack(app, environment);
  keycloak.addDependency(registry);
  realm.addDependency(keycloak);
}
