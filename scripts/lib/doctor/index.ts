import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { limited, unlessAborted } from "../limit.ts";
import { findingIn } from "./advice.ts";
import type { Check, CheckContext } from "./check.ts";
import { adminCheck } from "./checks/admin.ts";
import { backupsCheck } from "./checks/backups.ts";
import { certificateCheck } from "./checks/certificate.ts";
import { cdktfCheck } from "./checks/cdktf.ts";
import { credentialsChecks } from "./checks/credentials.ts";
import { dockerCheck } from "./checks/docker.ts";
import { domainCheck } from "./checks/domain.ts";
import { existingNetworkChecks } from "./checks/existing-network.ts";
import { imageCheck } from "./checks/image.ts";
import { javaCheck } from "./checks/java.ts";
import { nodeCheck } from "./checks/node.ts";
import { ownNetworkChecks } from "./checks/own-network.ts";
import { permissionsCheck } from "./checks/permissions.ts";
import { secretsCheck } from "./checks/secrets.ts";
import { stateCheck } from "./checks/state.ts";
import { terraformCheck } from "./checks/terraform.ts";
import { zoneChecks } from "./checks/zone.ts";
import { systemDns, type Dns } from "./dns.ts";
import { Lookups } from "./lookups.ts";
import { notLookedAt, type DoctorRow, type Finding } from "./row.ts";

export { blocksDeployment, type DoctorRow } from "./row.ts";

/** All rows, in the order of the table. */
export const CHECKS: readonly Check[] = [
  nodeCheck,
  terraformCheck,
  cdktfCheck,
  dockerCheck,
  javaCheck,
  ...credentialsChecks,
  permissionsCheck,
  stateCheck,
  secretsCheck,
  backupsCheck,
  imageCheck,
  ...ownNetworkChecks,
  ...existingNetworkChecks,
  certificateCheck,
  ...zoneChecks,
  domainCheck,
  adminCheck,
];

/** Milliseconds for everything; a check that is not done by then becomes a row that says so. */
const LIMIT = 45_000;

/** How the examination goes. */
export interface ExamineOptions {
  readonly signal: AbortSignal;
  /** Called for each row, in the table's order, as soon as it and those before it are known. */
  readonly onRow?: (row: DoctorRow) => void;
  /** @default this machine's resolver */
  readonly dns?: Dns;
  /** @default all of {@link CHECKS} */
  readonly checks?: readonly Check[];
}

/**
 * Looks at what this machine and the AWS account have and lack for a deployment of an environment. Nothing is changed.
 * @returns a row for each thing that the environment needs, in a fixed order; a deployment would fail where one has
 *   the status `fail`
 * @throws the signal's reason where it is aborted, and nothing else: errors are rows
 */
export async function examine(environment: EnvironmentOnAws, options: ExamineOptions): Promise<DoctorRow[]> {
  const { signal, onRow, dns = systemDns, checks: all = CHECKS } = options;
  const late = `It was not done within ${LIMIT / 1000} seconds: check this machine's network.`;
  const limit = limited(signal, LIMIT, late);
  const lookups = new Lookups(environment, limit.signal);
  const context: CheckContext = { environment, lookups, dns, variables: process.env, signal: limit.signal };
  const checks = all.filter(({ applies }) => applies?.(environment) ?? true);
  const findings = checks.map((check) => look(check, context, signal));
  void Promise.allSettled(findings); // an interruption ends all of them, and is thrown once
  try {
    const rows: DoctorRow[] = [];
    for (const [index, { id, group, what }] of checks.entries()) {
      const row = { id, group, what, ...(await findings[index]!) };
      rows.push(row);
      onRow?.(row);
    }
    return rows;
  } finally {
    limit.end();
  }
}

/** Runs one check; whatever it throws, but an interruption, is what was found. */
async function look(check: Check, context: CheckContext, interruption: AbortSignal): Promise<Finding> {
  try {
    return await unlessAborted(context.signal, async () => {
      if (check.needsAws && !(await context.lookups.accountIsRight())) return notLookedAt();
      return check.run(context);
    });
  } catch (error) {
    interruption.throwIfAborted();
    return { status: check.unknown ?? "skip", ...findingIn(error) };
  }
}
