import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { askAws, clientOptions } from "../aws/ask.ts";
import { describeDatabase } from "../aws/database.ts";
import { findSnapshot } from "../aws/snapshot.ts";
import { synthTask } from "../deploy/steps/synth.ts";
import { messageOf, UserError } from "../errors.ts";
import { cdktf } from "../terraform/cdktf.ts";
import type { Task, TaskList } from "../terminal/task-list.ts";
import { finalSnapshotName } from "./kept.ts";
import { liveProtections, protections } from "./protections.ts";

/** How an environment is destroyed. */
export interface DestroyOptions {
  readonly signal: AbortSignal;
  readonly tasks: TaskList;
}

/**
 * Refuses what would stop half-way, before anybody is asked.
 * @returns the account that it is in
 * @throws UserError where something is protected, the last snapshot's name is taken, or it is another account
 */
export async function assertDestroyable(environment: EnvironmentOnAws, signal: AbortSignal): Promise<string> {
  const { name, aws } = environment;
  const kept = protections(environment);
  if (kept.length > 0)
    throw new UserError(
      `${name} is protected: ${kept.join(", ")} in environments/${name}.ts. Nothing was destroyed. To go on, set ` +
        `${kept.length === 1 ? "it" : "them"} to false, apply that (npm run deploy -- ${name}), then run the command again.`,
    );
  const account = await accountOf(environment, signal);
  const database = await describeDatabase(environment, signal);
  const live = await liveProtections(environment, database, signal);
  if (live.length > 0)
    throw new UserError(
      `AWS still protects ${live.join(" and ")} of ${name}, although its file does not any more. Nothing was destroyed. Apply ` +
        `the file first: npm run deploy -- ${name}`,
    );
  // Once the database is gone, that snapshot is its own: a destruction that goes on must not ask for it to be deleted.
  const snapshot = finalSnapshotName(name);
  if (aws.database.finalSnapshot && database && database.Status !== "deleting")
    if (await findSnapshot(snapshot, aws.region, signal))
      throw new UserError(
        `There is a snapshot ${snapshot} already, of an earlier ${name}: the database could not be deleted, since it takes its ` +
          `last one under that name. Copy it if you need it, then: aws rds delete-db-cluster-snapshot --region ${aws.region} ` +
          `--db-cluster-snapshot-identifier ${snapshot}`,
      );
  return account;
}

async function accountOf({ name, aws }: EnvironmentOnAws, signal: AbortSignal): Promise<string> {
  const { Account = "" } = await askAws("sts:GetCallerIdentity", signal, () =>
    new STSClient(clientOptions(aws.region)).send(new GetCallerIdentityCommand({}), { abortSignal: signal }),
  );
  if (aws.accountId && aws.accountId !== Account)
    throw new UserError(
      `These credentials are of account ${Account}, and ${name} is in ${aws.accountId} (aws.accountId). Change AWS_PROFILE.`,
    );
  return Account;
}

/**
 * Destroys an environment's stacks, the last one first. Keycloak is not asked to delete its realm: that goes with its
 * database, and the database's last snapshot must hold it. What is gone already is no error: it can be run again.
 * @throws UserError that says what failed, and how to go on
 */
export async function destroy(environment: EnvironmentOnAws, { signal, tasks }: DestroyOptions): Promise<void> {
  const { name } = environment;
  const stack = (title: string, id: string): Task => ({
    title,
    async run(say) {
      const said = await cdktf(
        { verb: "destroy", stack: `${name}-${id}` },
        { environment: name, signal, onLine: say.doing, onWait: say.event },
      );
      return /Destroy complete! Resources: (.+?)\./.exec(said)?.[1];
    },
  });
  try {
    await tasks([
      synthTask({ environment, signal }),
      stack("Keycloak, database, network", "keycloak"),
      stack("Registry and images", "registry"),
    ]);
  } catch (error) {
    throw new UserError(
      [
        signal.aborted ? "Interrupted." : messageOf(error),
        "",
        `What is gone is gone; the rest is as it was. To go on: npm run destroy -- ${name}`,
      ].join("\n"),
    );
  }
}
