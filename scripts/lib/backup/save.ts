import { ECSClient } from "@aws-sdk/client-ecs";
import type { BackupTask } from "../../../constructs/backup/tasks.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { clientOptions } from "../aws/ask.ts";
import type { Step } from "../terminal/steps.ts";
import { newKey } from "./objects.ts";
import { backupPlace } from "./place.ts";
import { runTask } from "./run-task.ts";

/** A dump or an export that was made now. */
export interface Saved {
  readonly environment: string;
  /** `s3://<bucket>/<key>` */
  readonly uri: string;
  readonly bucket: string;
  readonly key: string;
  readonly taskArn: string;
  /** Tasks of Keycloak that ran meanwhile. */
  readonly keycloakTasks: number;
}

/** How a backup is made or restored. */
export interface BackupOptions {
  readonly signal: AbortSignal;
  readonly step: Step;
}

/**
 * Dumps an environment's database, or exports its realm, into its bucket.
 * @throws UserError where the task is not there, AWS refuses, or it fails
 */
export async function save(
  environment: EnvironmentOnAws,
  task: BackupTask,
  { signal, step }: BackupOptions,
): Promise<Saved> {
  const ecs = new ECSClient(clientOptions(environment.aws.region));
  const place = await step("Look up where it runs", () => backupPlace(environment, task, ecs, signal));
  const key = newKey(task, new Date());
  const uri = `s3://${place.bucket}/${key}`;
  const taskArn = await step(`Run ${task} to ${uri}`, (update) =>
    runTask(environment, { task, place, key }, { ecs, signal, update }),
  );
  const { bucket, keycloakTasks } = place;
  return { environment: environment.name, uri, bucket, key, taskArn, keycloakTasks };
}
