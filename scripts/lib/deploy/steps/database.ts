import { secretNames } from "../../../../constructs/names.ts";
import { describeDatabase } from "../../aws/database.ts";
import { SecretStore } from "../../aws/secrets.ts";
import { databaseTargets } from "../../terraform/plan.ts";
import type { AwsContext, PlannedTask } from "../step.ts";
import { stackTask } from "./stack.ts";

/**
 * The database and what it needs, as the first part of the keycloak stack: it takes ten minutes, and needs no image. One
 * that is there is left to the whole stack, which follows.
 */
export function databaseTask(context: AwsContext): PlannedTask {
  const { name } = context.environment;
  return stackTask(context, {
    step: "database",
    title: "Network and database",
    stack: "keycloak",
    targets: () => databaseTargets(`${name}-keycloak`),
    found: async () => ((await isThere(context)) ? "there already" : undefined),
    unplannable: async () => ((await hasPassword(context)) ? undefined : "not before the passwords are there"),
  });
}

/** Whether Terraform could read the database's password: it does so while it plans. */
async function hasPassword({ environment, signal }: AwsContext): Promise<boolean> {
  const name = secretNames(environment.name).databasePassword;
  return (await new SecretStore(environment.aws.region, signal).existing([name])).has(name);
}

/** Whether the cluster is made, with an instance that writes; that it is just backed up or modified does not matter. */
async function isThere({ environment, signal }: AwsContext): Promise<boolean> {
  const cluster = await describeDatabase(environment, signal);
  return cluster?.Status !== "creating" && Boolean(cluster?.DBClusterMembers?.some((one) => one.IsClusterWriter));
}
