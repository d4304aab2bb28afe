import type { EnvironmentOnAws } from "../../environments/schema/on-aws.ts";
import type { Environment, EnvironmentInput } from "../../environments/schema/index.ts";
import { environmentSchema } from "../../environments/schema/index.ts";

/** The smallest environment that is valid. */
export const MINIMAL: EnvironmentInput = {
  name: "test",
  keycloak: { url: "https://auth.example.com/auth" },
  mcpServers: [{ resource: "https://mcp-server.example.com/mcp" }],
};

/** A valid environment: the smallest one, changed. */
export function environment(changes: Partial<EnvironmentInput> = {}): Environment {
  return environmentSchema.parse({ ...MINIMAL, ...changes });
}

/** The smallest settings of an environment on AWS. */
export const MINIMAL_AWS: NonNullable<EnvironmentInput["aws"]> = {
  region: "eu-central-1",
  loadBalancer: { zone: { id: "Z0123456789ABCDEFGHIJ", name: "example.com" } },
};

/** A valid environment on AWS: the smallest one, changed. */
export function environmentOnAws(changes: Partial<NonNullable<EnvironmentInput["aws"]>> = {}): EnvironmentOnAws {
  return environment({ aws: { ...MINIMAL_AWS, ...changes } }) as EnvironmentOnAws;
}
