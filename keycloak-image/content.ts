import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ImageRecipe } from "./recipe.ts";

/** The folder with the Dockerfile. */
export const IMAGE_FOLDER = fileURLToPath(new URL(".", import.meta.url));

/** What of the folder goes into the image. */
const FOLDERS = ["providers", "themes"] as const;

/**
 * Files that the image is made from, beside Keycloak itself: paths relative to the folder, with `/`, sorted.
 * Hidden files are none of them.
 */
export function contentFiles(folder = IMAGE_FOLDER): string[] {
  const inside = FOLDERS.flatMap((name) =>
    readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(folder.length)
          .replace(/^[\\/]/, "")
          .replaceAll("\\", "/"),
      ),
  );
  return ["Dockerfile", ...inside].filter((path) => !/(^|\/)\./.test(path)).sort();
}

/**
 * The image's tag: Keycloak's release and a digest of the recipe and the files, such as `26.7.3-1f0c3a5b7d9e`. The same
 * content has the same tag on every machine, so an image is built once, and a change never overwrites one.
 */
export function contentTag(recipe: ImageRecipe, folder = IMAGE_FOLDER): string {
  const hash = createHash("sha256").update(JSON.stringify(recipe));
  for (const path of contentFiles(folder)) {
    const content = readFileSync(join(folder, path));
    hash.update(`\0${path}\0${content.length}\0`).update(content);
  }
  return `${recipe.version}-${hash.digest("hex").slice(0, 12)}`;
}
