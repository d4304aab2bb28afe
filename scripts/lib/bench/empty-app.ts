import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { KeycloakProvider } from "@cdktf/provider-keycloak/provider";
import { App, TerraformStack } from "cdktf";

// What synth costs before there is anything to synthesize: CDKTF, the bindings that the stacks import, an empty stack.
for (const binding of importedBindings(["constructs", "stacks"])) await import(binding);
const app = new App();
const stack = new TerraformStack(app, "empty");
new AwsProvider(stack, "aws", { region: "us-east-1" });
new KeycloakProvider(stack, "keycloak", { url: "https://auth.example.com", clientId: "none" });
app.synth();

/** The modules of both providers that the sources in some folders import. */
function importedBindings(folders: readonly string[]): Set<string> {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  );
  const sources = files.filter((file) => file.endsWith(".ts")).map((file) => readFileSync(file, "utf8"));
  return new Set(
    sources.flatMap((source) => [...source.matchAll(/from "(@cdktf\/provider-[^"]+)"/g)].map((match) => match[1]!)),
  );
}
