import { App } from "cdktf";
import { loadEnvironments } from "./environments/index.ts";
import { UserError } from "./scripts/lib/errors.ts";
import { addStacks } from "./stacks/index.ts";

// CDKTF takes a stack trace for every token; to find each one's place in the source takes a seventh of the time.
process.setSourceMapsEnabled(false);
try {
  const app = new App();
  for (const environment of await loadEnvironments()) addStacks(app, environment);
  app.synth();
} catch (error) {
  process.setSourceMapsEnabled(true);
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
