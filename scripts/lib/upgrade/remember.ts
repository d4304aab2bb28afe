import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { cacheDir } from "../local/cache-dir.ts";
import type { Compatibility, KeycloakSetup } from "./compatibility.ts";

const compatibility = z.strictObject({ rolling: z.boolean(), reasons: z.array(z.string()) });

/**
 * Gives back what Keycloak answered before about the same two set-ups, or asks it, which takes half a minute, and keeps the
 * answer in the cache: it depends on the two releases and their options only. What cannot be read there is asked anew.
 */
export async function remember(
  from: KeycloakSetup,
  to: KeycloakSetup,
  ask: () => Promise<Compatibility>,
): Promise<Compatibility> {
  const folder = join(cacheDir(), "compatibility");
  const file = join(folder, `${key(from, to)}.json`);
  const kept = await readFile(file, "utf8")
    .then((text) => compatibility.parse(JSON.parse(text)))
    .catch(() => undefined);
  if (kept) return kept;
  const answer = await ask();
  await mkdir(folder, { recursive: true });
  const written = `${file}.${randomBytes(4).toString("hex")}`;
  await writeFile(written, JSON.stringify(answer));
  await rename(written, file); // whole, or not at all
  return answer;
}

function key(...setups: readonly KeycloakSetup[]): string {
  const asked = setups.map(({ version, buildOptions, variables }) => [
    version,
    buildOptions,
    Object.entries(variables).sort(([one], [other]) => (one < other ? -1 : 1)),
  ]);
  return createHash("sha256").update(JSON.stringify(asked)).digest("hex");
}
