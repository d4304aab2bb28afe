import { blocks, leaves, parsedJson, type Attributes, type TerraformJson } from "./blocks.ts";
import { references } from "./references.ts";

/** A statement of a policy, wherever it is written. */
export interface Statement {
  /** Of the data source, or of the resource that holds the policy as JSON. */
  readonly address: string;
  readonly sid?: string;
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** NotAction, NotResource, NotPrincipal. */
  readonly excepts: boolean;
  readonly principals: readonly { readonly type: string; readonly identifiers: readonly string[] }[];
  readonly conditions: readonly {
    readonly test: string;
    readonly variable: string;
    readonly values: readonly string[];
  }[];
}

/** Every statement of a stack: of `aws_iam_policy_document`, and of policies written as JSON. */
export function statements(json: TerraformJson): Statement[] {
  return blocks(json).flatMap(({ address, kind, type, attributes }) => {
    if (kind === "data" && type === "aws_iam_policy_document")
      return list<Attributes>(attributes.statement).map((one) => fromDocument(address, one));
    return policiesAsJson(attributes).flatMap((policy) =>
      list<Attributes>(policy.Statement).map((one) => fromJson(address, one)),
    );
  });
}

function fromDocument(address: string, one: Attributes): Statement {
  return {
    address,
    sid: one.sid as string | undefined,
    allows: one.effect !== "Deny",
    actions: list(one.actions),
    resources: list(one.resources),
    excepts: "not_actions" in one || "not_resources" in one || "not_principals" in one,
    principals: list(one.principals),
    conditions: list(one.condition),
  };
}

function fromJson(address: string, one: Attributes): Statement {
  const principal = one.Principal ?? {};
  const byType = (typeof principal === "string" ? { [principal]: principal } : principal) as Attributes;
  return {
    address,
    sid: one.Sid as string | undefined,
    allows: one.Effect !== "Deny",
    actions: list(one.Action),
    resources: list(one.Resource),
    excepts: "NotAction" in one || "NotResource" in one || "NotPrincipal" in one,
    principals: Object.entries(byType).map(([type, identifiers]) => ({ type, identifiers: list<string>(identifiers) })),
    conditions: Object.entries((one.Condition ?? {}) as Record<string, Attributes>).flatMap(([test, variables]) =>
      Object.entries(variables).map(([variable, values]) => ({ test, variable, values: list<string>(values) })),
    ),
  };
}

/** Objects with a `Statement` that stand in strings, at any depth. */
function policiesAsJson(attributes: Attributes): Attributes[] {
  const strings = [...rawStrings(attributes)];
  return strings.flatMap((text) => {
    const policy = parsedJson(text) as Attributes | undefined;
    return policy && "Statement" in policy ? [policy] : [];
  });
}

function* rawStrings(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (value !== null && typeof value === "object")
    for (const entry of Object.values(value)) yield* rawStrings(entry);
}

function list<Entry>(value: unknown): Entry[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]) as Entry[];
}

/** Addresses of the documents that arguments of a type of resource take: `aws_iam_role`, `assume_role_policy`. */
export function documentsOf(json: TerraformJson, type: string, argument: string): string[] {
  return blocks(json)
    .filter((one) => one.type === type)
    .flatMap((one) => {
      const policy = { [argument]: one.attributes[argument] };
      const asJson = [...leaves(policy)].some(({ key }) => key === "Statement") ? [one.address] : [];
      return [...references({ attributes: policy }), ...asJson];
    });
}

/** Whether a statement speaks of all resources, or of all of a service in the account. */
export function isWide({ resources }: Statement): boolean {
  return resources.some((resource) => /^(\*|arn:[^:]*(:[^:]*){3}:\*)$/.test(resource));
}

/** Whether a statement is about everything, or everything of a service: `*`, `s3:*`. */
export function hasWildAction({ actions }: Statement): boolean {
  return actions.some((action) => /^(\*|[a-z0-9-]+:\*+)$/i.test(action));
}

/** Whether anybody at all is among the principals. */
export function isForEverybody({ principals }: Statement): boolean {
  return principals.some(({ type, identifiers }) => type === "*" || identifiers.includes("*"));
}

/** Whether conditions or resources hold a text, such as the account's id. */
export function mentions({ conditions, resources }: Statement, text: string): boolean {
  return [...conditions.flatMap(({ values }) => values), ...resources].some((value) => value.includes(text));
}
