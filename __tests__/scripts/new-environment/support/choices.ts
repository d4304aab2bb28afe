import { mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Choices } from "../../../../scripts/lib/new-environment/choices.ts";

/** What an environment cannot do without. */
export const NEEDED: Choices = {
  name: "staging",
  domain: "auth.staging.example.com",
  mcpServers: ["https://mcp.staging.example.com/mcp"],
  region: "eu-central-1",
  zoneId: "Z0123456789ABCDEFGHIJ",
  zoneName: "staging.example.com",
};

export const CERTIFICATE = "arn:aws:acm:eu-central-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef";

/** A folder in which environment files find `./schema/index.ts`, as in `environments/`. */
export function temporaryEnvironments(): string {
  const folder = mkdtempSync(join(tmpdir(), "new-environment-"));
  symlinkSync(fileURLToPath(new URL("../../../../environments/schema", import.meta.url)), join(folder, "schema"));
  return folder;
}
