import { z } from "zod";
import { AWS_CLI_IMAGE, isPublic, postgresImage } from "../../../constructs/backup/images.ts";

const image = () =>
  z
    .string()
    .regex(
      /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+(:[\w.-]{1,128}|@sha256:[0-9a-f]{64}|:[\w.-]{1,128}@sha256:[0-9a-f]{64})$/,
      'must be an image with its registry and a tag or a digest, such as "public.ecr.aws/aws-cli/aws-cli:2.31.29"',
    )
    .optional();

const DAYS = "must be 1 to 3650 days";

/** Dumps of the database and exports of the realm, beside Aurora's own backups. */
export const backup = z.strictObject({
  /**
   * Makes the bucket and the tasks of `npm run db-dump`, `db-restore`, `realm-export` and `realm-import`. Idle they cost
   * nothing; but whoever may run tasks can then read or replace the whole database. Aurora's backups need none of it.
   * @default false
   */
  enabled: z.boolean().default(false),
  /** Days that a dump or an export is kept. @default 90 */
  retentionDays: z.int().min(1, DAYS).max(3650, DAYS).default(90),
  /**
   * Image with `pg_dump` and `psql` of the database's major release: to pin a digest, or from a registry of your own.
   * @default PostgreSQL's official image of `database.engineVersion`'s major release, from the ECR public gallery
   */
  postgresImage: image(),
  /** Image with the AWS CLI, which moves files to and from the bucket. @default AWS's own, from the ECR public gallery */
  awsCliImage: image(),
});

/** Fills the defaults in. */
export function resolveBackup(value: z.output<typeof backup>, engineVersion: string) {
  return {
    ...value,
    postgresImage: value.postgresImage ?? postgresImage(engineVersion),
    awsCliImage: value.awsCliImage ?? AWS_CLI_IMAGE,
  };
}

/** The setting that is wrong where tasks cannot reach the internet; undefined where none is. */
export function unreachableImage(value: ReturnType<typeof resolveBackup>): "postgresImage" | "awsCliImage" | undefined {
  if (!value.enabled) return undefined;
  return (["postgresImage", "awsCliImage"] as const).find((setting) => isPublic(value[setting]));
}
