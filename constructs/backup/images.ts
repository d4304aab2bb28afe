/**
 * The images that a backup's tasks use beside Keycloak's own, from the public gallery of ECR: by the release that was
 * the newest when this was written. An environment may name others, with a digest or from a registry of its own.
 * https://docs.aws.amazon.com/AmazonECR/latest/public/docker-hub-pull.html
 */
const PUBLIC_GALLERY = "public.ecr.aws";

/** https://docs.aws.amazon.com/cli/latest/userguide/getting-started-docker.html */
export const AWS_CLI_IMAGE = `${PUBLIC_GALLERY}/aws-cli/aws-cli:2.31.29`;

/**
 * By the database's major release: `pg_dump` refuses a server that is newer than itself, and an older server settings that a
 * newer `pg_restore` makes.
 */
const POSTGRES_RELEASES: Readonly<Record<string, string>> = { 14: "14.19", 15: "15.14", 16: "16.10", 17: "17.6" };

/**
 * The image with `pg_dump`, `pg_restore` and `psql` for a database.
 * @param engineVersion release of Aurora PostgreSQL, such as `16.8`
 */
export function postgresImage(engineVersion: string): string {
  return `${PUBLIC_GALLERY}/docker/library/postgres:${POSTGRES_RELEASES[engineVersion.split(".")[0]!]}-alpine`;
}

/** Whether an image is in the public gallery, which is on the internet: there is no VPC endpoint for it. */
export function isPublic(image: string): boolean {
  return image.startsWith(`${PUBLIC_GALLERY}/`);
}

/** ARN of the private ECR repository that an image is in; undefined for one that anybody may pull. */
export function repositoryArn(image: string): string | undefined {
  const [, account, region, name] = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)/.exec(image) ?? [];
  return account && `arn:aws:ecr:${region}:${account}:repository/${name}`;
}
