import { contentTag } from "../../../keycloak-image/content.ts";
import { imageRecipe } from "../../../keycloak-image/recipe.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { releaseOf } from "../aws/task-definition.ts";
import { messageOf } from "../errors.ts";
import { ImageRegistry, placeOf } from "../image/registry.ts";
import type { StatusContext } from "./context.ts";
import { shortDigest } from "./digest.ts";
import type { Finding } from "./row.ts";

/** Which Keycloak the tasks run, and whether the environment wants another. */
export async function lookAtVersion(context: StatusContext): Promise<Finding[]> {
  const { environment, signal } = context;
  const { image = "", ...container } = await context.container();
  const digest = image.split("@")[1];
  return [release(releaseOf(container), environment), await imageRow(digest, environment, signal)];
}

function release(runs: string | undefined, { name, keycloak }: EnvironmentOnAws): Finding {
  const facts = { runs, wanted: keycloak.version };
  const file = `environments/${name}.ts`;
  if (runs === keycloak.version)
    return { name: "release", status: "ok", detail: `Keycloak ${runs}, as ${file} has it`, facts };
  const detail = `${runs ? `Keycloak ${runs} runs` : "the task definition does not say what runs"}; ${file} wants ${keycloak.version}: npm run upgrade-check -- ${name}`;
  return { name: "release", status: "warn", detail, facts };
}

async function imageRow(
  runs: string | undefined,
  environment: EnvironmentOnAws,
  signal: AbortSignal,
): Promise<Finding> {
  const { name, aws } = environment;
  const tag = aws.image.tag ?? contentTag(imageRecipe(environment));
  const shown = runs ? shortDigest(runs) : "an image without a digest";
  if (aws.image.digest) {
    const same = runs === aws.image.digest;
    return {
      name: "image",
      status: same ? "ok" : "warn",
      detail: same ? `${shown}, as aws.image.digest names it` : unlike(shown, shortDigest(aws.image.digest), name),
      facts: { runs, wanted: aws.image.digest },
    };
  }
  const registry = new ImageRegistry(placeOf(environment), signal);
  try {
    const wanted = await registry.digestOf(tag);
    const facts = { runs, wanted, tag };
    if (!wanted)
      return {
        name: "image",
        status: "warn",
        detail: `${shown} runs; the repository has no ${tag}: npm run deploy -- ${name}`,
        facts,
      };
    if (wanted !== runs)
      return { name: "image", status: "warn", detail: unlike(shown, `${shortDigest(wanted)} (${tag})`, name), facts };
    return { name: "image", status: "ok", detail: `${shown}, which is ${tag}`, facts };
  } catch (error) {
    signal.throwIfAborted();
    return { name: "image", status: "fail", detail: messageOf(error), facts: { runs, tag } };
  }
}

function unlike(runs: string, wanted: string, environment: string): string {
  return `${runs} runs; environments/${environment}.ts wants ${wanted}: npm run deploy -- ${environment}`;
}
