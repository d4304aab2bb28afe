import { ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { backupBucketName, namePrefix } from "../../../../constructs/names.ts";
import { askAws, clientOptions, undefinedOn } from "../../aws/ask.ts";
import type { Check } from "../check.ts";
import { fail, ok } from "../row.ts";

/**
 * Dumps in the bucket of an environment that has backups no more. Terraform takes the bucket's own protections away first,
 * and then cannot remove a bucket that is not empty.
 */
export const backupsCheck: Check = {
  id: "aws.backups",
  group: "AWS account",
  what: "Dumps",
  applies: ({ aws }) => !aws.backup.enabled,
  needsAws: true,
  run: async ({ environment: { name, aws }, lookups, signal }) => {
    const { account } = await lookups.identity();
    const bucket = backupBucketName(namePrefix(name), account);
    const request = new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1 });
    const client = new S3Client(clientOptions(aws.region));
    const found = await askAws(
      "s3:ListBucketVersions",
      signal,
      undefinedOn(["NoSuchBucket"], () => client.send(request, { abortSignal: signal })),
    );
    if (!found) return ok("no bucket of dumps is left behind");
    if (!found.Versions?.length && !found.DeleteMarkers?.length) return ok(`${bucket} is empty, and will be removed`);
    return fail(
      `${bucket} holds dumps, and aws.backup.enabled is off: the deployment would take its protections away, and not it`,
      `Leave aws.backup: { enabled: true } in environments/${name}.ts; or copy what you need and empty the bucket, with ` +
        "all versions (S3 console, Empty).",
    );
  },
};
