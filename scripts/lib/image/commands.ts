import { OFFICIAL_IMAGE, type ImageRecipe } from "../../../keycloak-image/recipe.ts";

/** Keycloak's official image of the recipe's release, as it is looked up. */
export function officialImage({ version }: ImageRecipe): string {
  return `${OFFICIAL_IMAGE}:${version}`;
}

/** Asks the registry what a tag means now: the answer is JSON with a `digest`. */
export function inspectParameters(reference: string): string[] {
  return ["buildx", "imagetools", "inspect", reference, "--format", "{{json .Manifest}}"];
}

/** What one build is made from. */
export interface BuildRequest {
  readonly recipe: ImageRecipe;
  readonly tag: string;
  /** The repository's address. */
  readonly repository: string;
  /** Digest of the official image. */
  readonly baseDigest: string;
  /** Folder with the Dockerfile and all that it copies. */
  readonly context: string;
}

/** Builds for the tasks' processor and pushes. Without attestations: the tag is then the image itself, which ECR scans. */
export function buildParameters({ recipe, tag, repository, baseDigest, context }: BuildRequest): string[] {
  const values = {
    KEYCLOAK_IMAGE: `${officialImage(recipe)}@${baseDigest}`,
    KEYCLOAK_VERSION: recipe.version,
    BASE_DIGEST: baseDigest,
    BUILD_OPTIONS: recipe.buildOptions.join(" "),
    CONTENT: tag,
  };
  return [
    ...["buildx", "build", "--platform", recipe.platform, "--provenance=false", "--progress=plain", "--pull"],
    ...Object.entries(values).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    ...["--tag", `${repository}:${tag}`, "--push", context],
  ];
}

/** Logs in to the registry; the password comes by standard input. */
export function loginParameters(username: string, registry: string): string[] {
  return ["login", "--username", username, "--password-stdin", registry];
}

/**
 * The same build as lines for a shell, for a machine that has Docker and the AWS CLI.
 * @param accountId undefined where the environment leaves it to the credentials
 */
export function shellScript(
  request: Omit<BuildRequest, "repository" | "baseDigest">,
  { region, repository, accountId }: { region: string; repository: string; accountId?: string },
): string {
  const { recipe } = request;
  const registry = `$ACCOUNT.dkr.ecr.${region}.amazonaws.com`;
  const build = buildParameters({ ...request, repository: `${registry}/${repository}`, baseDigest: "$BASE_DIGEST" });
  // An option to a line, so that a person can read it.
  const line = (parameters: readonly string[]) =>
    ["docker", ...parameters]
      .map(quoted)
      .join(" ")
      .replaceAll(/ (?=--(build-arg|tag|push))/g, " \\\n  ");
  return [
    `ACCOUNT=${accountId ?? "$(aws sts get-caller-identity --query Account --output text)"}`,
    `BASE_DIGEST=${recipe.baseDigest ?? `$(docker buildx imagetools inspect ${officialImage(recipe)} --format '{{.Manifest.Digest}}')`}`,
    `aws ecr get-login-password --region ${region} | ${line(loginParameters("AWS", registry))}`,
    line(build),
  ].join("\n");
}

/** Quoted for a shell where it must be; variables are still filled in. */
function quoted(text: string): string {
  return /^[\w@%+=:,./$-]+$/.test(text) ? text : `"${text.replace(/["`\\]/g, "\\$&")}"`;
}
