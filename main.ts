import { App } from "cdktf";
import { loadEnvironments } from "./environments/index.ts";
import { UserError } from "./scripts/lib/errors.ts";
import { RealmStack } from "./stacks/realm-stack.ts";

try {
  const app = new App();
  for (const environment of await loadEnvironments()) new RealmStack(app, environment);
  app.synth();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
