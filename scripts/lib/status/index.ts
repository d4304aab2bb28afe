import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { messageOf } from "../errors.ts";
import { limited } from "../limit.ts";
import { lookAtAlarms } from "./alarms.ts";
import { lookAtCertificate } from "./certificate.ts";
import { StatusContext } from "./context.ts";
import { lookAtDatabase } from "./database.ts";
import { lookAtDeployment } from "./deployment.ts";
import { lookAtDrift } from "./drift.ts";
import { lookAtKeycloak } from "./keycloak.ts";
import { NotLookedAt, NotThere, SUBJECTS, type Finding, type StatusRow, type Subject } from "./row.ts";
import { lookAtService } from "./service.ts";
import { lookAtTargets } from "./targets.ts";
import { lookAtTasks } from "./tasks.ts";
import { lookAtVersion } from "./version.ts";

/** The state of a deployed environment. */
export interface EnvironmentStatus {
  /** False where service, target group and database are all missing. */
  readonly deployed: boolean;
  /** In the order of the report. */
  readonly rows: readonly StatusRow[];
}

/** How an environment is looked at. */
export interface StatusOptions {
  readonly signal: AbortSignal;
  /** Whether the live realm is compared with its definition, which needs an administrator. @default true */
  readonly drift?: boolean;
  /** Called when a subject has been looked at. */
  readonly onSubject?: (subject: Subject) => void;
  /** Milliseconds for all look-ups together. @default 30000 */
  readonly timeoutMs?: number;
}

type LookUp = (context: StatusContext) => Promise<Finding[]>;

const LOOK_UPS: Readonly<Record<Subject, LookUp>> = {
  Keycloak: lookAtKeycloak,
  Service: lookAtService,
  Tasks: lookAtTasks,
  "Load balancer": lookAtTargets,
  Database: lookAtDatabase,
  Certificate: lookAtCertificate,
  Alarms: lookAtAlarms,
  Version: lookAtVersion,
  Realm: lookAtDrift,
  "Last deployment": lookAtDeployment,
};

/** Where all of these are missing, nothing is deployed. */
const CORE: readonly Subject[] = ["Service", "Load balancer", "Database"];

/**
 * Looks at all of a deployed environment at once. Each look-up is independent: what cannot be looked up is a row that
 * fails, with the reason, since nobody knows then whether it is well.
 * @throws the signal's reason where it is aborted
 */
export async function environmentStatus(
  environment: EnvironmentOnAws,
  { signal, drift = true, onSubject, timeoutMs = 30_000 }: StatusOptions,
): Promise<EnvironmentStatus> {
  const limit = limited(signal, timeoutMs, `no answer within ${timeoutMs / 1000} s`);
  const context = new StatusContext(environment, limit.signal);
  const missing = new Set<Subject>();
  const lookAt = async (subject: Subject): Promise<StatusRow[]> => {
    const findings = await look(subject, context, missing);
    signal.throwIfAborted();
    onSubject?.(subject);
    return findings.map((finding) => ({ subject, ...finding, ...inLines(finding) }));
  };
  try {
    const subjects = SUBJECTS.filter((subject) => drift || subject !== "Realm");
    const rows = (await Promise.all(subjects.map(lookAt))).flat();
    return { deployed: !CORE.every((subject) => missing.has(subject)), rows };
  } finally {
    limit.end();
  }
}

/** Looks one subject up; whatever goes wrong becomes a row. */
async function look(subject: Subject, context: StatusContext, missing: Set<Subject>): Promise<Finding[]> {
  try {
    return await LOOK_UPS[subject](context);
  } catch (error) {
    if (error instanceof NotThere) missing.add(subject);
    const status = error instanceof NotLookedAt ? "skip" : "fail";
    const about = error instanceof NotThere || error instanceof NotLookedAt ? "" : "not known: ";
    return [{ name: "state", status, detail: `${about}${messageOf(error)}` }];
  }
}

/** Its texts, of which some come from AWS with breaks in them, as one line each. */
function inLines({ detail, notes }: Finding): Pick<Finding, "detail" | "notes"> {
  const line = (text: string) => text.trim().replaceAll(/\s+/g, " ");
  return { detail: line(detail), ...(notes && { notes: notes.map(line) }) };
}
