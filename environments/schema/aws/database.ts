import { z } from "zod";
import { JDBC_DRIVERS, type JdbcDriver } from "../../../keycloak-image/settings.ts";
import type { StageDefaults } from "./stage.ts";

const DAILY_WINDOW = /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/;
const WEEKLY_WINDOW =
  /^(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d-(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d$/;

/** Aurora capacity units: 1 ACU is about 2 GiB of memory with CPU and network to match. */
const acu = (least: number) =>
  z
    .number()
    .min(least, `must be ${least} to 256 ACU`)
    .max(256, `must be ${least} to 256 ACU`)
    .refine((value) => value < least || value > 256 || value % 0.5 === 0, "must be a multiple of 0.5 ACU");

/** Aurora PostgreSQL. */
export const database = z
  .strictObject({
    /** Aurora PostgreSQL release, 14 to 17; `aws rds describe-db-engine-versions` lists what AWS offers. @default "16.8" */
    engineVersion: z
      .string()
      .regex(/^1[4-7]\.\d{1,2}$/, 'must be a release that Keycloak supports, 14.x to 17.x, such as "16.8"')
      .default("16.8"),
    /**
     * `db.serverless`, or a provisioned class such as `db.r8g.large` where the load is steady or Serverless v2 is not
     * to be had. @default "db.serverless"
     */
    instanceClass: z
      .string()
      .regex(
        /^db\.(serverless|[a-z0-9-]+\.[a-z0-9]+)$/,
        'must be "db.serverless" or an instance class such as "db.r8g.large"',
      )
      .default("db.serverless"),
    /** Capacity that an idle Serverless v2 instance keeps, in ACU (1 ACU: about 2 GiB of memory). @default 0.5 */
    minCapacity: acu(0.5).optional(),
    /** Capacity that a Serverless v2 instance grows to, in ACU. @default 2 */
    maxCapacity: acu(1).optional(),
    /** Instances, each in a zone of its own; the second takes over when the first fails. @default 2 in production, 1 in development */
    instances: z.int().min(1).max(15).optional(),
    /** Encrypt with the environment's own KMS key, or with AWS's `aws/rds`. A change replaces the database. @default "own" */
    kmsKey: z.enum(["own", "aws-managed"]).default("own"),
    /** Days that automatic backups are kept; a restore reaches any second of them. @default 7 */
    backupRetentionDays: z.int().min(1).max(35).default(7),
    /** When the daily backup is taken, in UTC, 30 minutes or more. @default "03:00-04:00" */
    backupWindow: z
      .string()
      .regex(DAILY_WINDOW, 'must be two times of day in UTC, such as "03:00-04:00"')
      .default("03:00-04:00"),
    /** When AWS may patch and restart, in UTC. @default "sun:04:30-sun:05:30" */
    maintenanceWindow: z
      .string()
      .regex(WEEKLY_WINDOW, 'must be two times of the week in UTC, such as "sun:04:30-sun:05:30"')
      .default("sun:04:30-sun:05:30"),
    /** AWS refuses to delete the database. @default true in production, false in development */
    deletionProtection: z.boolean().optional(),
    /**
     * Deleting the database takes a last snapshot, `keycloak-<environment>-final`, which stays; one of that name must not
     * be there yet. @default true in production, false in development
     */
    finalSnapshot: z.boolean().optional(),
    /** Make the database from this snapshot (name or ARN) instead of empty. A change replaces the database. @default none */
    restoreFromSnapshot: z.string().min(1).optional(),
    /** Raise it by one after the password in SSM was changed: Terraform then gives the new one to the database. @default 1 */
    passwordVersion: z.int().min(1).default(1),
    /**
     * PostgreSQL's driver, or `aws-wrapper`, AWS's Advanced JDBC Wrapper around it, for faster failovers; a change
     * needs a new image. @default "postgresql"
     */
    jdbcDriver: z.enum(Object.keys(JDBC_DRIVERS) as [JdbcDriver, ...JdbcDriver[]]).default("postgresql"),
    /** CloudWatch Database Insights: `advanced` keeps 15 months of Performance Insights, and costs by vCPU or ACU. @default "standard" */
    insights: z.enum(["standard", "advanced"]).default("standard"),
  })
  .superRefine((value, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    const { minCapacity, maxCapacity } = capacity(value);
    if (value.instanceClass !== "db.serverless") {
      for (const setting of ["minCapacity", "maxCapacity"] as const)
        if (value[setting] !== undefined)
          refuse(setting, `is for db.serverless: leave it out with ${value.instanceClass}`);
    } else if (minCapacity > maxCapacity)
      refuse("minCapacity", `must not be over maxCapacity, which is ${maxCapacity} ACU`);
    const wrong = windowProblem(value);
    if (wrong) refuse(wrong.setting, wrong.problem);
  });

function capacity(value: { minCapacity?: number; maxCapacity?: number }) {
  return { minCapacity: value.minCapacity ?? 0.5, maxCapacity: value.maxCapacity ?? 2 };
}

const DAY = 24 * 60;
const minuteOfDay = (time: string) => Number(time.slice(-5, -3)) * 60 + Number(time.slice(-2));

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** Length of a window in minutes; one that ends before it begins goes past midnight, or past Sunday. */
function minutes(window: string): number {
  const [from, to] = window.split("-").map((time) => {
    const day = DAYS.indexOf(time.slice(0, 3));
    return Math.max(day, 0) * DAY + minuteOfDay(time);
  }) as [number, number];
  const cycle = WEEKLY_WINDOW.test(window) ? 7 * DAY : DAY;
  return (to - from + cycle) % cycle;
}

/** What is wrong with the windows: the setting and why. Nothing where one of them cannot be read. */
function windowProblem({ backupWindow, maintenanceWindow }: { backupWindow: string; maintenanceWindow: string }) {
  if (!DAILY_WINDOW.test(backupWindow) || !WEEKLY_WINDOW.test(maintenanceWindow)) return undefined;
  if (minutes(backupWindow) < 30) return { setting: "backupWindow", problem: "must be 30 minutes or longer" } as const;
  const setting = "maintenanceWindow";
  if (minutes(maintenanceWindow) < 30 || minutes(maintenanceWindow) >= DAY)
    return { setting, problem: "must be 30 minutes or longer, and shorter than a day" } as const;
  if (overlaps(backupWindow, maintenanceWindow))
    return {
      setting,
      problem: `"${maintenanceWindow}" must not overlap the backup window, ${backupWindow} of every day: AWS refuses it`,
    } as const;
  return undefined;
}

/** Whether the minutes of day of two windows overlap (a weekly one is on some day, the daily one on each). */
function overlaps(daily: string, weekly: string): boolean {
  const [first, second] = [daily, weekly].map((window) => minuteOfDay(window.split("-")[0]!)) as [number, number];
  return (second - first + DAY) % DAY < minutes(daily) || (first - second + DAY) % DAY < minutes(weekly);
}

/** Fills the defaults in; without capacity where the instances are provisioned. */
export function resolveDatabase(value: z.output<typeof database>, stage: StageDefaults) {
  return {
    ...value,
    instances: value.instances ?? stage.databaseInstances,
    deletionProtection: value.deletionProtection ?? stage.deletionProtection,
    // Of the stage: whoever takes the protection off in order to delete still gets the snapshot.
    finalSnapshot: value.finalSnapshot ?? stage.deletionProtection,
    ...(value.instanceClass === "db.serverless" ? { serverless: capacity(value) } : {}),
  };
}
