import { z } from "zod";
import { memoriesFor, FARGATE_CPUS } from "../../../constructs/ecs/fargate.ts";
import type { StageDefaults } from "./stage.ts";

const tasks = () => z.int().min(0).max(100).optional();

/** Keycloak's tasks on Fargate. */
export const service = z
  .strictObject({
    /** CPU units of a task; 1024 are one vCPU. @default 1024 */
    cpu: z.literal([...FARGATE_CPUS]).default(1024),
    /** Memory of a task in MiB, one that Fargate sells for that CPU. @default 2048 */
    memory: z.int().default(2048),
    /** Processor of image and tasks; ARM64 costs a fifth less. @default "ARM64" */
    architecture: z.enum(["ARM64", "X86_64"]).default("ARM64"),
    /**
     * Tasks to begin with; the load decides later, within the bounds below. 0 stops Keycloak and keeps the rest.
     * @default 2 in production, 1 in development
     */
    desiredCount: tasks(),
    /** Tasks that always run. @default desiredCount */
    minCount: tasks(),
    /** Tasks at the most. @default 6 in production, 2 in development */
    maxCount: tasks(),
    /**
     * How new tasks take over: `rolling` starts them first and loses no request; `recreate` stops all old ones first,
     * for updates of which `npm run upgrade-check` says that both cannot run at once. @default "rolling"
     */
    deployment: z.enum(["rolling", "recreate"]).default("rolling"),
    /** Run on spare capacity, which AWS may take back with two minutes' notice. @default false in production, true in development */
    spot: z.boolean().optional(),
    /**
     * TCP ports that tasks may reach outside the VPC: HTTPS for AWS and identity providers; add 587 for mail by SMTP,
     * 636 for LDAPS. @default [443]
     */
    egressPorts: z
      .array(z.int().min(1).max(65_535))
      .refine((ports) => ports.includes(443), "must contain 443: tasks could reach neither ECR nor SSM nor CloudWatch")
      .refine((ports) => new Set(ports).size === ports.length, "must not name a port twice")
      .default([443]),
    /** Lets administrators open a shell in a task (ECS Exec); the root file system is then writable. @default false */
    exec: z.boolean().default(false),
  })
  .superRefine((value, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    const sold = memoriesFor(value.cpu);
    if (!sold.includes(value.memory))
      refuse(
        "memory",
        `must be what Fargate sells with ${value.cpu} CPU units, ${inWords(sold)} MiB, not ${value.memory}`,
      );
    else if (value.memory < 1024) refuse("memory", "must be 1024 MiB or more: Keycloak does not start in less");
  });

function inWords(memories: readonly number[]): string {
  if (memories.length <= 4) return memories.join(", ");
  return `${memories[0]} to ${memories.at(-1)} in steps of ${memories[1]! - memories[0]!}`;
}

/** Fills the defaults in. */
export function resolveService(value: z.output<typeof service>, stage: StageDefaults) {
  const desiredCount = value.desiredCount ?? stage.desiredCount;
  return {
    ...value,
    desiredCount,
    minCount: value.minCount ?? desiredCount,
    maxCount: value.maxCount ?? Math.max(stage.maxCount, desiredCount),
    spot: value.spot ?? stage.spot,
  };
}

/** What is wrong with the counts once the defaults are in: the setting and why. */
export function countProblem({ desiredCount, minCount, maxCount }: ReturnType<typeof resolveService>) {
  if (desiredCount > maxCount)
    return { setting: "desiredCount", problem: `must not be over maxCount, which is ${maxCount}` } as const;
  if (minCount > maxCount)
    return { setting: "minCount", problem: `must not be over maxCount, which is ${maxCount}` } as const;
  if (desiredCount > 0 && desiredCount < minCount)
    return {
      setting: "desiredCount",
      problem: `must not be under minCount, which is ${minCount} (0 stops Keycloak)`,
    } as const;
  return undefined;
}
