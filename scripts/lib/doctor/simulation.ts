import {
  GetRoleCommand,
  IAMClient,
  paginateSimulatePrincipalPolicy,
  type ContextEntry,
  type EvaluationResult,
} from "@aws-sdk/client-iam";
import { environmentTags, type EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { askAws, clientOptions } from "../aws/ask.ts";
import type { ActionGroup } from "./actions.ts";

/** Actions of one question to IAM; it takes no more than 100. */
const BATCH = 50;

/** Questions that are under way at once: IAM allows few. */
const AT_ONCE = 4;

/** What IAM says about some actions. */
export interface Verdicts {
  /** Actions that are refused. */
  readonly denied: ReadonlySet<string>;
  /** Actions that are allowed under conditions of which IAM was told nothing. */
  readonly unclear: ReadonlySet<string>;
}

/**
 * Asks IAM what a user or a role may do, without doing it; permission boundaries and the organization's policies count.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 * @param principal ARN of a user or a role
 * @throws UserError where IAM refuses to say
 */
export async function simulate(
  principal: string,
  groups: readonly ActionGroup[],
  environment: EnvironmentOnAws,
  signal: AbortSignal,
): Promise<Verdicts> {
  const client = new IAMClient(clientOptions(environment.aws.region));
  const questions = groups.flatMap(({ resources, deploy, destroy = [], passedTo }) => {
    const all = [...deploy, ...destroy];
    return Array.from({ length: Math.ceil(all.length / BATCH) }, (_, index) => ({
      PolicySourceArn: principal,
      ActionNames: all.slice(index * BATCH, (index + 1) * BATCH),
      ResourceArns: ["*", ...resources],
      ContextEntries: contextOf(environment, passedTo),
    }));
  });
  const denied = new Set<string>();
  const unclear = new Set<string>();
  const next = questions.values();
  const ask = async () => {
    for (const question of next) {
      const results = await askAws("iam:SimulatePrincipalPolicy", signal, async () => {
        const all: EvaluationResult[] = [];
        for await (const page of paginateSimulatePrincipalPolicy({ client }, question, { abortSignal: signal }))
          all.push(...(page.EvaluationResults ?? []));
        return all;
      });
      for (const action of question.ActionNames) {
        const verdict = verdictOf(results.filter(({ EvalActionName }) => EvalActionName === action));
        if (verdict !== "allowed") (verdict === "denied" ? denied : unclear).add(action);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return { denied, unclear };
}

/**
 * What the answers for one action come to, one for each resource that was asked about: to be allowed for one of them is
 * enough, since most actions know one kind of resource only, and some none. An explicit refusal for one of the
 * environment's own names counts in any case.
 */
export function verdictOf(results: readonly EvaluationResult[]): "allowed" | "denied" | "unclear" {
  const answers = results.flatMap((result) => [
    { resource: result.EvalResourceName, decision: result.EvalDecision, missing: result.MissingContextValues },
    ...(result.ResourceSpecificResults ?? []).map((one) => ({
      resource: one.EvalResourceName,
      decision: one.EvalResourceDecision,
      missing: one.MissingContextValues,
    })),
  ]);
  const isMissing = answers.some(({ missing }) => (missing?.length ?? 0) > 0);
  const refused = answers.some(({ resource, decision }) => decision === "explicitDeny" && resource?.startsWith("arn:"));
  if (!refused && answers.some(({ decision }) => decision === "allowed")) return "allowed";
  return isMissing ? "unclear" : "denied";
}

/** What a deployment's requests say of themselves, for policies with conditions. */
function contextOf({ name, aws }: EnvironmentOnAws, passedTo: string | undefined): ContextEntry[] {
  const entry = (ContextKeyName: string, ...ContextKeyValues: string[]): ContextEntry => ({
    ContextKeyName,
    ContextKeyValues,
    ContextKeyType: "string",
  });
  const tags = Object.entries({ ...aws.tags, ...environmentTags(name) });
  return [
    entry("aws:RequestedRegion", aws.region),
    ...tags.flatMap(([key, value]) => [entry(`aws:RequestTag/${key}`, value), entry(`aws:ResourceTag/${key}`, value)]),
    ...(passedTo ? [entry("iam:PassedToService", passedTo)] : []),
  ];
}

/**
 * The ARN of a role, with its path.
 * @throws UserError where IAM refuses to say
 */
export async function roleArn(roleName: string, region: string, signal: AbortSignal): Promise<string> {
  const { Role } = await askAws("iam:GetRole", signal, () =>
    new IAMClient(clientOptions(region)).send(new GetRoleCommand({ RoleName: roleName }), { abortSignal: signal }),
  );
  return Role!.Arn!;
}
