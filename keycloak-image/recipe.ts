import type { AwsEnvironment } from "../environments/schema/aws/index.ts";
import type { Environment } from "../environments/schema/index.ts";
import { realmDefinition } from "../realm/definition.ts";
import { buildOptions, JDBC_DRIVERS } from "./settings.ts";

/** A jar in a Maven repository. */
export interface MavenCoordinates {
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string;
}

/** All that an environment decides about its image; with the files of this folder it makes the content. */
export interface ImageRecipe {
  /** Release of Keycloak. */
  readonly version: string;
  /** Platform as Docker names it. */
  readonly platform: "linux/arm64" | "linux/amd64";
  /** Digest of the official image that is built on; undefined where the release's tag decides, when it is built. */
  readonly baseDigest?: string;
  /** Parameters of `kc.sh build`. */
  readonly buildOptions: readonly string[];
  /** Jars that go to `providers/`. */
  readonly libraries: readonly MavenCoordinates[];
}

/** Keycloak's official image, without tag and digest. https://www.keycloak.org/server/containers */
export const OFFICIAL_IMAGE = "quay.io/keycloak/keycloak";

/** The recipe of an environment's image. */
export function imageRecipe(environment: Environment & { readonly aws: AwsEnvironment }): ImageRecipe {
  const { aws, keycloak } = environment;
  const { jdbcDriver } = aws.database;
  const { library } = JDBC_DRIVERS[jdbcDriver];
  return {
    version: keycloak.version,
    platform: aws.service.architecture === "ARM64" ? "linux/arm64" : "linux/amd64",
    baseDigest: aws.image.baseDigest,
    buildOptions: buildOptions({
      database: "postgres",
      jdbcDriver,
      features: realmDefinition(environment).serverFeatures,
    }),
    libraries: library ? [library] : [],
  };
}
