import type { AwsEnvironment } from "./aws/index.ts";
import type { Environment } from "./index.ts";

/** An environment that is on AWS. */
export type EnvironmentOnAws = Environment & { readonly aws: AwsEnvironment };

/** Whether an environment is; where not, it has the realm only. */
export function isOnAws(environment: Environment): environment is EnvironmentOnAws {
  return environment.aws !== undefined;
}

/** Tags of everything that an environment has on AWS. */
export function environmentTags(name: string) {
  return { Project: "keycloak-mcp-aws", Environment: name, ManagedBy: "cdktf" } as const;
}
