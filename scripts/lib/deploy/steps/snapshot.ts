import { CreateDBClusterSnapshotCommand, RDSClient } from "@aws-sdk/client-rds";
import { namePrefix } from "../../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../../environments/schema/on-aws.ts";
import { askAws, clientOptions } from "../../aws/ask.ts";
import { findSnapshot } from "../../aws/snapshot.ts";
import { UserError } from "../../errors.ts";
import { pause } from "../../pause.ts";
import type { Say } from "../../terminal/task-list.ts";
import { snapshotName } from "../../upgrade/check.ts";
import type { AwsContext, StepTask } from "../step.ts";

/** Milliseconds between two looks. */
const INTERVAL = 10_000;

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
  { signal, say }: { readonly signal: AbortSignal; readonly say: Say },
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
    const { Status = "unknown", PercentProgress = 0 } =
      (await findSnapshot(snapshot, aws.region, signal, client)) ?? {};
    if (Status === "available") return snapshot;
    if (Status !== "creating")
      throw new UserError(
        `The snapshot ${snapshot} is ${Status}, and nothing was deployed. Delete it (aws rds delete-db-cluster-snapshot --region ${aws.region} ` +
          `--db-cluster-snapshot-identifier ${snapshot}), then run the command again.`,
      );
    say.doing(`snapshot ${snapshot}: ${Status}, ${PercentProgress} %`);
    await pause(INTERVAL, signal);
  }
}
