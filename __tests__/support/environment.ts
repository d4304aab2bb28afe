import type { Environment, EnvironmentInput } from "../../environments/schema/index.ts";
import { environmentSchema } from "../../environments/schema/index.ts";

/** The smallest environment that is valid. */
export const MINIMAL: EnvironmentInput = {
  name: "test",
  aws: { region: "eu-central-1" },
  keycloak: { url: "https://auth.example.com/auth" },
  mcpServers: [{ resource: "https://mcp-server.example.com/mcp" }],
};

/** A valid environment: the smallest one, changed. */
export function environment(changes: Partial<EnvironmentInput> = {}): Environment {
  return environmentSchema.parse({ ...MINIMAL, ...changes });
}
