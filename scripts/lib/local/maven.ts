import mvnArtifactUrl from "mvn-artifact-url";
import { UserError } from "../errors.ts";

/** What names a file in a Maven repository. */
export interface MavenArtifact {
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string;
  /** Such as `jar` or `tar.gz`. */
  readonly extension: string;
}

/**
 * Address of an artifact.
 * @param repository base URL of a Maven repository. @default `MAVEN_REPOSITORY_URL`, or else Maven Central
 * @throws UserError where that is no URL
 */
export async function mavenUrl(
  coordinates: MavenArtifact,
  repository = process.env.MAVEN_REPOSITORY_URL,
): Promise<string> {
  // A CommonJS package: its default export is one level deeper for native ES modules.
  const artifact = (mvnArtifactUrl as unknown as { default: typeof mvnArtifactUrl }).default ?? mvnArtifactUrl;
  const base = repository && `${repository.replace(/\/+$/, "")}/`;
  const url = await artifact(coordinates, base || undefined);
  if (!URL.canParse(url))
    throw new UserError(
      `MAVEN_REPOSITORY_URL is "${repository}": give a URL such as https://maven.example.com/central.`,
    );
  return url;
}
