import { DescribeDBClusterSnapshotsCommand, RDSClient } from "@aws-sdk/client-rds";
import type { EnvironmentOnAws } from "../../../stacks/aws-stack.ts";
import { administratorOf } from "../aws/administrator.ts";
import { askAws, clientOptions } from "../aws/ask.ts";
import { describeService } from "../aws/service.ts";
import { messageOf, UserError } from "../errors.ts";
import { adminVariables } from "../keycloak/credentials.ts";
import { cdktf, synthesize } from "../terraform/cdktf.ts";
import type { Task, TaskList } from "../terminal/task-list.ts";
import { finalSnapshotName } from "./kept.ts";
import { protections } from "./protections.ts";

/** How an environment is destroyed. */
export interface DestroyOptions {
  readonly signal: AbortSignal;
  readonly tasks: TaskList;
  /** Leaves the realm to the end of its database, where Keycloak cannot be asked any more. @default false */
  readonly skipRealm?: boolean;
}

/**
 * Refuses what would stop half-way, before anybody is asked.
 * @throws UserError where something is protected, or the last snapshot's name is taken
 */
export async function assertDestroyable(environment: EnvironmentOnAws, signal: AbortSignal): Promise<void> {
  const { name, aws } = environment;
  const kept = protections(environment);
  if (kept.length > 0)
    throw new UserError(
      `${name} is protected: ${kept.join(", ")} in environments/${name}.ts. Nothing was destroyed. To go on, set ` +
        `${kept.length === 1 ? "it" : "them"} to false, apply that (npm run deploy -- ${name}), then run the command again.`,
    );
  const snapshot = finalSnapshotName(name);
  if (aws.database.finalSnapshot && (await exists(snapshot, aws.region, signal)))
    throw new UserError(
      `There is a snapshot ${snapshot} already, of an earlier ${name}: the database could not be deleted, since it takes its ` +
        `last one under that name. Copy it if you need it, then: aws rds delete-db-cluster-snapshot --region ${aws.region} ` +
        `--db-cluster-snapshot-identifier ${snapshot}`,
    );
}

async function exists(snapshot: string, region: string, signal: AbortSignal): Promise<boolean> {
  const client = new RDSClient(clientOptions(region));
  const request = new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: snapshot });
  return askAws("rds:DescribeDBClusterSnapshots", signal, async () => {
    try {
      return ((await client.send(request, { abortSignal: signal })).DBClusterSnapshots ?? []).length > 0;
    } catch (error) {
      if ((error as Error).name === "DBClusterSnapshotNotFoundFault") return false;
      throw error;
    }
  });
}

/**
 * Destroys an environment's stacks, the last one first. What is gone already is no error: it can be run again.
 * @throws UserError that says what failed, and how to go on
 */
export async function destroy(environment: EnvironmentOnAws, options: DestroyOptions): Promise<void> {
  const { signal, tasks, skipRealm = false } = options;
  const { name } = environment;
  const about = { environment: name, signal };
  const stack = (title: string, id: string, variables?: () => Promise<Record<string, string> | string>): Task => ({
    title,
    async run(say) {
      const found = (await variables?.()) ?? {};
      if (typeof found === "string") return found;
      const said = await cdktf(
        { verb: "destroy", stack: `${name}-${id}`, variables: found },
        { ...about, onLine: (line) => say.doing(line) },
      );
      return /Destroy complete! Resources: (.+?)\./.exec(said)?.[1];
    },
  });
  try {
    await tasks([
      {
        title: "Terraform for this environment (cdktf synth)",
        run: async () => {
          await synthesize(about);
          return undefined;
        },
      },
      stack("Realm", "realm", async () => {
        if (skipRealm) return "left to the end of its database";
        if (!(await describeService(environment, signal))) return "Keycloak does not run any more";
        return adminVariables(await administratorOf(environment, signal));
      }),
      stack("Keycloak, database, network", "keycloak"),
      stack("Registry and images", "registry"),
    ]);
  } catch (error) {
    throw new UserError(
      [
        signal.aborted ? "Interrupted. Terraform has ended what it had begun." : messageOf(error),
        "",
        `What is gone is gone; the rest is as it was. To go on: npm run destroy -- ${name}`,
        "Where Keycloak cannot be asked to delete its realm any more, --skip-realm leaves that to the end of its database.",
      ].join("\n"),
    );
  }
}
