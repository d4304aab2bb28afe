import { contentTag } from "../../../keycloak-image/content.ts";
import { imageRecipe, type ImageRecipe } from "../../../keycloak-image/recipe.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { UserError } from "../errors.ts";
import type { Step } from "../terminal/steps.ts";
import { buildParameters, inspectParameters, loginParameters, officialImage, shellScript } from "./commands.ts";
import { imageContext } from "./context.ts";
import { assertDockerWorks, docker, dockerOrFail, lastLines } from "./docker.ts";
import { ImageRegistry, placeOf } from "./registry.ts";

/** An environment's image in its repository. */
export interface BuiltImage {
  /** The repository's address. */
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  /** Whether it was built now; false where its content was there already. */
  readonly built: boolean;
}

/** How an image is built. */
export interface ImageOptions {
  readonly signal: AbortSignal;
  readonly step: Step;
}

/**
 * Builds an environment's image and pushes it, unless the repository has that content already.
 * @throws UserError where Docker or the repository is missing, AWS refuses, or the build fails
 */
export async function buildImage(environment: EnvironmentOnAws, { signal, step }: ImageOptions): Promise<BuiltImage> {
  await assertDockerWorks(signal);
  const recipe = imageRecipe(environment);
  const tag = contentTag(recipe);
  const registry = new ImageRegistry(placeOf(environment), signal);
  const { repository, present } = await step(`Look for ${tag} in the repository`, async () => ({
    repository: await registry.url(),
    present: await registry.digestOf(tag),
  }));
  if (present) return { repository, tag, digest: present, built: false };

  const baseDigest =
    recipe.baseDigest ?? (await step(`Look up ${officialImage(recipe)}`, () => resolveBase(recipe, signal)));
  const context = await step("Put the context together", () => imageContext(recipe, tag, { signal }));
  await step("Log in to the repository", async () => {
    const { username, password, registry: host } = await registry.login();
    await dockerOrFail("The login", loginParameters(username, host), { signal, input: password });
  });
  const digest = await step(`Build for ${recipe.platform} and push`, async (update) => {
    const outcome = await docker(buildParameters({ recipe, tag, repository, baseDigest, context }), {
      signal,
      onLine: update,
    });
    const pushed = await registry.digestOf(tag);
    // Tags are immutable: somebody else may have pushed the same content meanwhile, and the own push was refused.
    if (pushed) return pushed;
    throw new UserError(
      outcome.code === 0
        ? `The build ended well, but ${repository} has no image ${tag}: look at the repository, then run the command again.`
        : `The image cannot be built or pushed (docker ended with ${outcome.code}):\n${lastLines(outcome.stderr)}`,
    );
  });
  return { repository, tag, digest, built: true };
}

/** The image that an environment's tasks are to run, as far as it is there. */
export interface ImageState {
  /** What names it: its tag, or the digest that the environment pins. */
  readonly reference: string;
  /** Whether the environment names an image of its own, which is not built here. */
  readonly pinned: boolean;
  readonly hasRepository: boolean;
  /** Undefined where the repository, or the image in it, is not there. */
  readonly digest?: string;
}

/** Looks for an environment's image, without Docker. */
export async function imageState(environment: EnvironmentOnAws, signal: AbortSignal): Promise<ImageState> {
  const { tag, digest } = environment.aws.image;
  const reference = digest ?? tag ?? contentTag(imageRecipe(environment));
  const found = await new ImageRegistry(placeOf(environment), signal).find(reference);
  return { reference, pinned: Boolean(tag ?? digest), hasRepository: found !== undefined, digest: found?.digest };
}

/**
 * The commands that {@link buildImage} runs, for a machine of its own; the context is put together on this one.
 * @returns lines for a shell
 */
export async function imageCommands(environment: EnvironmentOnAws, signal: AbortSignal): Promise<string> {
  const recipe = imageRecipe(environment);
  const tag = contentTag(recipe);
  const context = await imageContext(recipe, tag, { signal });
  return shellScript({ recipe, tag, context }, placeOf(environment));
}

/** What the release's tag means now, so that all stages of the build, and its label, mean the same. */
async function resolveBase(recipe: ImageRecipe, signal: AbortSignal): Promise<string> {
  const reference = officialImage(recipe);
  const answer = await dockerOrFail(`Looking up ${reference}`, inspectParameters(reference), { signal });
  const digest = /"digest":\s*"(sha256:[0-9a-f]{64})"/.exec(answer)?.[1];
  if (!digest) throw new UserError(`Docker told no digest of ${reference}: ${answer.slice(0, 200)}`);
  return digest;
}
