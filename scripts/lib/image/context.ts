import { copyFile, mkdir, rename, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { contentFiles, IMAGE_FOLDER } from "../../../keycloak-image/content.ts";
import type { ImageRecipe } from "../../../keycloak-image/recipe.ts";
import { cacheDir } from "../local/cache-dir.ts";
import { download } from "../local/download.ts";
import { mavenUrl } from "../local/maven.ts";

/** Where an image's context is put, and how its libraries are got. */
export interface ContextOptions {
  readonly signal: AbortSignal;
  /** @default the project's `keycloak-image` */
  readonly folder?: string;
  /** @default {@link cacheDir} */
  readonly cache?: string;
}

/**
 * Puts together what Docker builds from, in a folder of its own: the Dockerfile, `providers/` with the recipe's
 * libraries, `themes/`. One that is there is as it should be: its name is the content's.
 * @returns the folder
 * @throws UserError where a library cannot be had
 */
export async function imageContext(recipe: ImageRecipe, tag: string, options: ContextOptions): Promise<string> {
  const { signal, folder = IMAGE_FOLDER, cache = cacheDir() } = options;
  const context = join(cache, "image", tag);
  if (existsSync(context)) return context;
  const temporary = `${context}.new`;
  await rm(temporary, { recursive: true, force: true });
  for (const path of contentFiles(folder)) {
    await mkdir(dirname(join(temporary, path)), { recursive: true });
    await copyFile(join(folder, path), join(temporary, path));
  }
  for (const library of recipe.libraries)
    await download({
      url: await mavenUrl({ ...library, extension: "jar" }),
      to: join(temporary, "providers", `${library.artifactId}-${library.version}.jar`),
      signal,
    });
  await rename(temporary, context);
  return context;
}
