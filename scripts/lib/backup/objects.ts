import { ListObjectsV2Command, S3Client, type _Object } from "@aws-sdk/client-s3";
import { BACKUP_TASKS, type BackupTask } from "../../../constructs/backup/tasks.ts";
import { askAws, clientOptions } from "../aws/ask.ts";

/** A dump or an export that is in the bucket. */
export interface BackupObject {
  readonly key: string;
  readonly bytes: number;
  /** When it was written, ISO 8601. */
  readonly written: string;
}

/**
 * Key of a new object: its folder and the time, such as `database/2026-11-24T11-05-02Z.dump`. They sort by time.
 * @param now when the task is started
 */
export function newKey(task: BackupTask, now: Date): string {
  const { folder, extension } = BACKUP_TASKS[task];
  return `${folder}/${now.toISOString().slice(0, 19).replaceAll(":", "-")}Z.${extension}`;
}

/**
 * What a task could load, the newest first.
 * @throws UserError where AWS refuses
 */
export async function listBackups(
  task: BackupTask,
  { bucket, region }: { readonly bucket: string; readonly region: string },
  signal: AbortSignal,
): Promise<BackupObject[]> {
  const client = new S3Client(clientOptions(region));
  const { folder, extension } = BACKUP_TASKS[task];
  const found: _Object[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await askAws("s3:ListBucket", signal, () =>
      client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `${folder}/`, ContinuationToken }), {
        abortSignal: signal,
      }),
    );
    found.push(...(page.Contents ?? []));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  return found
    .filter(({ Key }) => Key!.endsWith(`.${extension}`))
    .map(({ Key, Size = 0, LastModified }) => ({ key: Key!, bytes: Size, written: LastModified!.toISOString() }))
    .sort((one, other) => (one.written < other.written ? 1 : -1));
}
