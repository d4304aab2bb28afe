import { containerVariables } from "../../../constructs/ecs/container.ts";
import { namePrefix } from "../../../constructs/names.ts";
import { imageRecipe } from "../../../keycloak-image/recipe.ts";
import type { EnvironmentOnAws } from "../../../stacks/aws-stack.ts";
import { findJava } from "../local/java.ts";
import type { Step } from "../terminal/steps.ts";
import { compareSetups, type KeycloakSetup } from "./compatibility.ts";
import { deployedSetup } from "./deployed.ts";

/** Whether an environment's next deployment may be a rolling one. */
export interface UpgradeCheck {
  readonly environment: string;
  /** `first`: nothing is deployed yet. `rolling`: old and new tasks may run at once. `recreate`: they may not. */
  readonly verdict: "first" | "rolling" | "recreate";
  /** Release that runs now. */
  readonly deployedVersion?: string;
  /** Release that is deployed next. */
  readonly newVersion: string;
  /** What keeps old and new nodes out of one cluster, in Keycloak's words. */
  readonly reasons: readonly string[];
  /** What `aws.service.deployment` says. */
  readonly setting: "rolling" | "recreate";
}

/** How a check is made. */
export interface UpgradeCheckOptions {
  readonly signal: AbortSignal;
  readonly step: Step;
  /** Compare with this release under the new options, instead of asking AWS what runs. */
  readonly deployedVersion?: string;
}

/**
 * Compares what runs with what the environment would deploy, by Keycloak's own command.
 * @throws UserError where AWS refuses, Java is missing, or a release cannot be had
 */
export async function checkUpgrade(environment: EnvironmentOnAws, options: UpgradeCheckOptions): Promise<UpgradeCheck> {
  const { signal, step, deployedVersion } = options;
  const next = plannedSetup(environment);
  const now: KeycloakSetup | undefined = deployedVersion
    ? { ...next, version: deployedVersion }
    : await step("Look up what runs", () => deployedSetup(environment, signal));
  const about = {
    environment: environment.name,
    newVersion: next.version,
    setting: environment.aws.service.deployment,
  };
  if (!now) return { ...about, verdict: "first", reasons: [] };
  const java = await findJava();
  const { rolling, reasons } = await step(`Compare Keycloak ${now.version} with ${next.version}`, () =>
    compareSetups(now, next, { java, signal }),
  );
  return { ...about, deployedVersion: now.version, verdict: rolling ? "rolling" : "recreate", reasons };
}

/** What the environment's task definition would run; the database's name does not matter here. */
function plannedSetup(environment: EnvironmentOnAws): KeycloakSetup {
  const { aws, keycloak } = environment;
  const { version, buildOptions } = imageRecipe(environment);
  const { JAVA_OPTS_KC_HEAP: _heap, ...variables } = containerVariables({
    url: keycloak.url,
    memory: aws.service.memory,
    database: { host: "database", port: 5432, name: "keycloak", user: "keycloak" },
    jdbcDriver: aws.database.jdbcDriver,
  });
  return { version, buildOptions, variables };
}

/** What a person does next, line by line. */
export function nextSteps({ environment, verdict, setting, newVersion }: UpgradeCheck, region: string): string[] {
  const file = `environments/${environment}.ts`;
  const deploy = [`npm run build-image -- ${environment}`, `npx cdktf deploy ${environment}-keycloak`];
  if (verdict !== "recreate")
    return [
      ...(verdict === "rolling" && setting === "recreate"
        ? [`Take aws.service.deployment: "recreate" out of ${file}: it would interrupt the service for nothing`]
        : []),
      ...deploy,
    ];
  const cluster = namePrefix(environment);
  const snapshot = `${cluster}-before-${newVersion.replaceAll(".", "-")}`;
  return [
    `aws rds create-db-cluster-snapshot --region ${region} --db-cluster-identifier ${cluster} --db-cluster-snapshot-identifier ${snapshot}`,
    ...(setting === "recreate" ? [] : [`Set aws.service.deployment: "recreate" in ${file}`]),
    ...deploy,
    `Take aws.service.deployment out of ${file} again, and deploy that with the next change`,
  ];
}
