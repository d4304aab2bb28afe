import { ECSClient } from "@aws-sdk/client-ecs";
import type { BackupTask } from "../../../constructs/backup/tasks.ts";
import { namePrefix } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { clientOptions } from "../aws/ask.ts";
import { UserError } from "../errors.ts";
import { counted } from "../terminal/counted.ts";
import { stopCommands } from "./hints.ts";
import { listBackups, type BackupObject } from "./objects.ts";
import { backupPlace, tasksUnderWay, type BackupPlace } from "./place.ts";
import { runTask } from "./run-task.ts";
import type { BackupOptions } from "./save.ts";

/** What was restored. */
export interface Loaded {
  readonly environment: string;
  /** `s3://<bucket>/<key>` */
  readonly uri: string;
  readonly taskArn: string;
}

/** How it is restored. */
export interface LoadOptions extends BackupOptions {
  /** Asks, when everything else is in order, whether it shall be done; throws where not. */
  readonly confirm: (uri: string) => Promise<void>;
}

/** Objects that an error names where none was chosen. */
const SHOWN = 5;

/**
 * What there is to restore, the newest first.
 * @throws UserError where the task is not there, or AWS refuses
 */
export async function backupsOf(
  environment: EnvironmentOnAws,
  task: BackupTask,
  { signal, step }: BackupOptions,
): Promise<{ readonly bucket: string; readonly objects: readonly BackupObject[] }> {
  const { region } = environment.aws;
  return step("Look up what there is", async () => {
    const { bucket } = await backupPlace(environment, task, new ECSClient(clientOptions(region)), signal);
    return { bucket, objects: await listBackups(task, { bucket, region }, signal) };
  });
}

/**
 * Overwrites an environment's database, or its realm, with what is in its bucket.
 * @param key of the object; undefined only to be told which there are
 * @throws UserError where Keycloak or another such task runs, there is no such object, AWS refuses, or the task fails
 */
export async function load(
  environment: EnvironmentOnAws,
  task: BackupTask,
  key: string | undefined,
  { signal, step, confirm }: LoadOptions,
): Promise<Loaded> {
  const { region } = environment.aws;
  const ecs = new ECSClient(clientOptions(region));
  const place = await step("Look up what runs, and what there is to restore", async () => {
    const found = await backupPlace(environment, task, ecs, signal);
    assertKnown(environment.name, task, key, await listBackups(task, { bucket: found.bucket, region }, signal));
    assertStopped(environment, found);
    assertAlone(environment, await tasksUnderWay(environment, ecs, signal));
    return found;
  });
  const uri = `s3://${place.bucket}/${key}`;
  await confirm(uri);
  const taskArn = await step(`Run ${task} from ${uri}`, (update) =>
    runTask(environment, { task, place, key: key! }, { ecs, signal, update }),
  );
  return { environment: environment.name, uri, taskArn };
}

function assertKnown(environment: string, task: BackupTask, key: string | undefined, all: readonly BackupObject[]) {
  if (all.some((object) => object.key === key)) return;
  const what = key === undefined ? "Say what to restore." : `The bucket has no ${JSON.stringify(key)}.`;
  const there = all.slice(0, SHOWN).map((object) => `  npm run ${task} -- ${environment} ${object.key}`);
  throw new UserError(
    [`${what} ${there.length > 0 ? "There are, the newest first:" : "It is empty."}`, ...there].join("\n"),
  );
}

/** Keycloak keeps in its caches what it has read: it would go on with what is no longer there, and write it back. */
function assertStopped(environment: EnvironmentOnAws, { keycloakTasks }: BackupPlace): void {
  if (keycloakTasks === 0) return;
  throw new UserError(
    [
      `Keycloak runs (${counted(keycloakTasks, "task")}): stop it first, nobody can log in meanwhile.`,
      ...stopCommands(environment).map((command) => `  ${command}`),
    ].join("\n"),
  );
}

/** Another restore, or a dump, would meet a database that is half overwritten. */
function assertAlone({ name, aws }: EnvironmentOnAws, others: readonly string[]): void {
  if (others.length === 0) return;
  throw new UserError(
    [
      `Something else backs up or restores ${name} just now (${counted(others.length, "task")}). Wait until it has ended:`,
      ...others.map(
        (arn) => `  aws ecs wait tasks-stopped --region ${aws.region} --cluster ${namePrefix(name)} --tasks ${arn}`,
      ),
    ].join("\n"),
  );
}
