import { messageOf } from "../../errors.ts";
import { counted } from "../../terminal/counted.ts";
import { neededActions } from "../actions.ts";
import type { Check, CheckContext } from "../check.ts";
import { linkedRoleActions } from "../linked-roles.ts";
import { principalOf } from "../principal.ts";
import { fail, ok, skip, warn } from "../row.ts";
import { roleArn, simulate } from "../simulation.ts";

const NOBODY_SAYS = "Where they do not suffice, the deployment stops at the first thing that it may not make.";

/** Whether the credentials may do all that a deployment does, as far as IAM tells. */
export const permissionsCheck: Check = {
  id: "aws.permissions",
  group: "AWS account",
  what: "Permissions",
  needsAws: true,
  run: async (context) => {
    const { environment, lookups, signal } = context;
    const { account, arn } = await lookups.identity();
    const who = principalOf(arn);
    if (who.kind === "root")
      return warn(
        "the account's root user may do everything",
        "Use a role instead, such as one of IAM Identity Center.",
      );
    if (who.kind === "other") return skip(`IAM does not tell what ${arn} may do`, NOBODY_SAYS);
    const groups = [
      ...neededActions(environment, account),
      ...(await linkedRoleActions(account, environment.aws.region, signal)),
    ];
    const wanted = groups.flatMap(({ deploy }) => deploy);
    let principal: string;
    let verdicts: Awaited<ReturnType<typeof simulate>>;
    try {
      principal = who.kind === "user" ? who.arn : await roleArn(who.roleName, environment.aws.region, signal);
      verdicts = await simulate(principal, groups, environment, signal);
    } catch (error) {
      signal.throwIfAborted();
      return skip(`IAM does not tell: ${messageOf(error)}`, NOBODY_SAYS);
    }
    const { denied, unclear } = verdicts;
    const must = wanted.filter((action) => denied.has(action));
    const later = groups.flatMap(({ destroy = [] }) => destroy).filter((action) => denied.has(action));
    const give = `Give them to ${principal}, or deploy as a role that has them.`;
    if (must.length > 0) {
      if (await isDeployed(context))
        return warn(`${count(must)} refused, which what is deployed already may not need: ${inWords(must)}`, give);
      return fail(`${count(must)} refused: ${inWords(must)}`, give);
    }
    if (later.length > 0)
      return warn(`enough to deploy, but npm run destroy lacks ${count(later)}: ${inWords(later)}`, give);
    if (unclear.size > 0)
      return warn(
        `${count([...unclear])} depend on conditions that IAM was told nothing about: ${inWords([...unclear])}`,
        `Compare the policies of ${principal} with what the deployment does. ${NOBODY_SAYS}`,
      );
    return ok(`all ${new Set(wanted).size} actions of a deployment are allowed`);
  },
};

/** Where everything is there already, a deployment makes little, and what it may not make may not matter. */
async function isDeployed({ lookups, signal }: CheckContext): Promise<boolean> {
  try {
    return (await lookups.service()) !== undefined;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

function count(actions: readonly string[]): string {
  return counted(new Set(actions).size, "action");
}

/** `ec2:CreateVpc, CreateSubnet; rds:CreateDBCluster` */
export function inWords(actions: readonly string[]): string {
  const services = new Map<string, Set<string>>();
  for (const action of actions) {
    const [service, name] = action.split(":") as [string, string];
    services.set(service, (services.get(service) ?? new Set()).add(name));
  }
  return [...services].map(([service, names]) => `${service}:${[...names].join(", ")}`).join("; ");
}
