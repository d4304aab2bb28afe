import { containerVariables } from "../../../constructs/ecs/container.ts";
import { namePrefix } from "../../../constructs/names.ts";
import { imageRecipe } from "../../../keycloak-image/recipe.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { findJava } from "../local/java.ts";
import type { Step } from "../terminal/steps.ts";
import { compareSetups, type KeycloakSetup } from "./compatibility.ts";
import { deployedSetup } from "./deployed.ts";
import { remember } from "./remember.ts";

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
  if (isSame(now, next)) return { ...about, verdict: "rolling", deployedVersion: now.version, reasons: [] };
  const { rolling, reasons } = await remember(now, next, async () => {
    const java = await findJava();
    return step(`Compare Keycloak ${now.version} with ${next.version}`, () =>
      compareSetups(now, next, { java, signal }),
    );
  });
  return { ...about, deployedVersion: now.version, verdict: rolling ? "rolling" : "recreate", reasons };
}

/**
 * Whether Keycloak has to be asked, which needs Java: something runs that is not what the environment would deploy.
 * @throws UserError where AWS refuses
 */
export async function needsComparison(environment: EnvironmentOnAws, signal: AbortSignal): Promise<boolean> {
  const now = await deployedSetup(environment, signal);
  return now !== undefined && !isSame(now, plannedSetup(environment));
}

/** Whether two are alike in all that Keycloak looks at: then it need not be asked. */
function isSame(now: KeycloakSetup, next: KeycloakSetup): boolean {
  const comparable = ({ version, buildOptions, variables }: KeycloakSetup) => {
    const known = Object.entries(variables).filter(([name]) => name.startsWith("KC_") && name !== "KC_DB_URL");
    return JSON.stringify([version, buildOptions, known.sort()]);
  };
  return comparable(now) === comparable(next);
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

/**
 * Name of a snapshot that is taken before a release which cannot be taken back.
 * @param at when it is taken, to the minute; without, the beginning that all of them share
 */
export function snapshotName(environment: string, newVersion: string, at?: Date): string {
  const time = at ? `-${at.toISOString().slice(0, 16).replaceAll(/[-:]/g, "").toLowerCase()}` : "";
  return `${namePrefix(environment)}-before-${newVersion.replaceAll(".", "-")}${time}`;
}

/** What a person does next, line by line. */
export function nextSteps({ environment, verdict, setting, newVersion }: UpgradeCheck): string[] {
  const file = `environments/${environment}.ts`;
  const deploy = `npm run deploy -- ${environment}`;
  if (verdict === "recreate")
    return [
      ...(setting === "recreate" ? [] : [`Set aws.service.deployment: "recreate" in ${file}`]),
      `${deploy}  (takes a snapshot of the database first, ${snapshotName(environment, newVersion)}-<time>)`,
      `Take aws.service.deployment out of ${file} again, and deploy that with the next change`,
    ];
  if (verdict === "rolling" && setting === "recreate")
    return [
      `Take aws.service.deployment: "recreate" out of ${file}: it would interrupt the service for nothing`,
      deploy,
    ];
  return [deploy];
}
