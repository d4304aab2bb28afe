import { CreateDBClusterSnapshotCommand, DescribeDBClusterSnapshotsCommand, RDSClient } from "@aws-sdk/client-rds";
import { namePrefix } from "../../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../../stacks/aws-stack.ts";
import { askAws, clientOptions } from "../../aws/ask.ts";
import { UserError } from "../../errors.ts";
import { pause } from "../../pause.ts";
import type { Say } from "../../terminal/task-list.ts";
import { snapshotName } from "../../upgrade/check.ts";
import type { AwsContext, StepTask } from "../step.ts";

/** How a snapshot is taken. */
export interface SnapshotOptions {
  readonly signal: AbortSignal;
  readonly say: Say;
  /** Milliseconds between two looks. @default 10000 */
  readonly intervalMs?: number;
}

/** Takes the snapshot, once what it is for has been let through: nothing, where tasks are replaced one by one. */
export function snapshotTask(context: AwsContext): StepTask {
  return {
    step: "keycloak",
    title: "Snapshot of the database",
    async run(say) {
      const { upgrade, environment, signal } = context;
      if (upgrade?.verdict !== "recreate") return "not needed";
      return takeSnapshot(environment, upgrade.newVersion, { signal, say });
    },
  };
}

/**
 * Takes a snapshot of the database before a release that cannot be taken back, and waits for it.
 * @returns its name
 * @throws UserError where AWS refuses, or the snapshot fails
 */
async function takeSnapshot(
  { name, aws }: EnvironmentOnAws,
  version: string,
  { signal, say, intervalMs = 10_000 }: SnapshotOptions,
): Promise<string> {
  const client = new RDSClient(clientOptions(aws.region));
  const snapshot = snapshotName(name, version, new Date());
  await askAws("rds:CreateDBClusterSnapshot", signal, () =>
    client.send(
      new CreateDBClusterSnapshotCommand({
        DBClusterIdentifier: namePrefix(name),
        DBClusterSnapshotIdentifier: snapshot,
      }),
      { abortSignal: signal },
    ),
  );
  for (;;) {
    const { DBClusterSnapshots } = await askAws("rds:DescribeDBClusterSnapshots", signal, () =>
      client.send(new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: snapshot }), {
        abortSignal: signal,
      }),
    );
    const { Status = "unknown", PercentProgress = 0 } = DBClusterSnapshots?.[0] ?? {};
    if (Status === "available") return snapshot;
    if (Status !== "creating")
      throw new UserError(
        `The snapshot ${snapshot} is ${Status}, and nothing was deployed. Delete it (aws rds delete-db-cluster-snapshot --region ${aws.region} ` +
          `--db-cluster-snapshot-identifier ${snapshot}), then run the command again.`,
      );
    say.doing(`snapshot ${snapshot}: ${Status}, ${PercentProgress} %`);
    await pause(intervalMs, signal);
  }
}
