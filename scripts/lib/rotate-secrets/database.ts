import { ECSClient, type Service } from "@aws-sdk/client-ecs";
import { secretNames } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { clientOptions } from "../aws/ask.ts";
import { SecretStore } from "../aws/secrets.ts";
import { describeService, replaceTasks } from "../aws/service.ts";
import { waitUntilSteady } from "../aws/steady.ts";
import type { Step } from "../terminal/steps.ts";
import { DatabaseCluster } from "./cluster.ts";
import { SecretExchange } from "./exchange.ts";
import type { Rotation, RotationOptions, RotationResult } from "./rotation.ts";
import { tellingState, type Tell } from "./state.ts";

/**
 * Finds out whether the database's password can be exchanged. Changes nothing.
 * @param goOn the command that goes on after an interruption
 * @throws UserError where there is no database, it is busy, or there is no password yet
 */
export async function prepareDatabase(
  environment: EnvironmentOnAws,
  goOn: string,
  options: RotationOptions,
): Promise<Rotation> {
  const { name, aws } = environment;
  const { signal } = options;
  const store = new SecretStore(aws.region, signal);
  const exchange = await SecretExchange.read(store, secretNames(name).databasePassword, `npm run deploy -- ${name}`);
  const resumes = exchange.next !== undefined;
  const cluster = new DatabaseCluster(environment, options);
  await cluster.check(resumes);
  const service = await describeService(environment, signal);
  return {
    secret: "database",
    resumes,
    consequences: [
      `The database ${cluster.identifier} gets a new password${isStopped(service) ? "." : ", and all tasks are replaced."}`,
      ...cost(service),
    ],
    carryOut: (step) => tellingState(goOn, (tell) => carryOut({ environment, exchange, cluster, options }, step, tell)),
  };
}

/** Whether no task has to learn the new password. */
function isStopped(service: Service | undefined): boolean {
  return !service?.desiredCount;
}

/** What replacing the tasks costs. */
function cost(service: Service | undefined): string[] {
  if (isStopped(service)) return [];
  const minimum = service!.deploymentConfiguration?.minimumHealthyPercent ?? 100;
  return [
    "From the moment it has taken the password until the last old task is gone, some minutes, old tasks go on with the " +
      "connections that they have and cannot open new ones: choose a quiet time, and deploy nothing meanwhile.",
    ...(minimum === 0
      ? ["The service is set to stop old tasks first (recreate): nobody can log in for two to four minutes."]
      : []),
  ];
}

interface Work {
  readonly environment: EnvironmentOnAws;
  readonly exchange: SecretExchange;
  readonly cluster: DatabaseCluster;
  readonly options: RotationOptions;
}

async function carryOut(work: Work, step: Step, tell: Tell): Promise<RotationResult> {
  const { environment, exchange, cluster } = work;
  const { parameter, nextParameter } = exchange;
  const resumed = exchange.next !== undefined;

  // Where both are the same, an earlier run has seen the database take it.
  if (!resumed || exchange.next !== exchange.current) {
    tell(`The database has the password in ${parameter}.`);
    const next = exchange.next ?? (await step(`Write a new password into ${nextParameter}`, () => exchange.begin()));
    tell(
      `The database has the password in ${parameter} or the one in ${nextParameter}: until the command has gone on, new ` +
        "tasks may not start.",
    );
    await step(`Give it to the database ${cluster.identifier}`, async (update) => {
      await cluster.setPassword(next);
      await cluster.waitForPassword(update);
    });
    await step(`Write it into ${parameter}`, () => exchange.replace());
  }
  tell(
    `The database has the password in ${parameter}; new tasks start with it, and old ones cannot open new connections ` +
      "until they are replaced.",
  );
  const replaced = await replaceOldTasks(work, step);
  tell(`The database and all tasks have the password in ${parameter}; ${nextParameter} may be left.`);
  await step(`Remove ${nextParameter}`, () => exchange.end());
  return {
    secret: "database",
    parameter,
    resumed,
    outcome: [
      `The database ${cluster.identifier} has a new password; ${replaced ? "all tasks use it" : "no task runs that has to learn it"}.`,
      `Nothing in environments/${environment.name}.ts has to change: database.passwordVersion stays, and a deployment ` +
        "leaves this password alone.",
    ],
  };
}

/**
 * Starts a deployment of the same task definition: new tasks read the parameter.
 * @returns whether there were tasks to replace
 */
async function replaceOldTasks({ environment, options }: Work, step: Step): Promise<boolean> {
  const { signal, intervalMs } = options;
  const ecs = new ECSClient(clientOptions(environment.aws.region));
  const service = await describeService(environment, signal, ecs);
  if (!service || isStopped(service)) return false;
  await step("Replace all tasks", async (update) => {
    const deployment = await replaceTasks(service, signal, ecs);
    await waitUntilSteady(environment, { signal, update, deployment, ...(intervalMs && { intervalMs }) });
  });
  return true;
}
