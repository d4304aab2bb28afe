import { isDeepStrictEqual } from "node:util";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { withoutHashes } from "../../support/template.ts";
import { blocks, parsedJson, type TerraformJson } from "../../synthesized/support/blocks.ts";

/**
 * A stack as a person reviews it: ids without hashes, JSON in strings opened, no digest of the image's files, and no
 * dashboard, which says what the alarms say.
 */
export function forReview(json: object): object {
  const text = withoutHashes(JSON.stringify(json)).replaceAll(/(\d+\.\d+\.\d+)-[0-9a-f]{12}\b/g, "$1-<content>");
  return JSON.parse(text, (key, value: unknown) => {
    if (key === "dashboard_body") return "<a chart for each alarm>";
    return typeof value === "string" ? (parsedJson(value) ?? value) : value;
  }) as object;
}

/** An environment and one of its stacks. */
export interface Reviewed {
  readonly environment: EnvironmentOnAws;
  readonly json: object;
}

/** How a stack differs from that of another environment; values are its own. */
export interface Differences {
  readonly more: Readonly<Record<string, unknown>>;
  readonly less: readonly string[];
  readonly other: Readonly<Record<string, unknown>>;
}

/** Compares the same stack of two environments, names, Region, account and domain apart. */
export function differences(one: Reviewed, other: Reviewed): Differences {
  const [here, there] = [byAddress(one), byAddress(other)];
  return {
    more: Object.fromEntries(Object.entries(here).filter(([address]) => !(address in there))),
    less: Object.keys(there).filter((address) => !(address in here)),
    other: Object.fromEntries(
      Object.keys(here)
        .filter((address) => address in there)
        .flatMap((address) => [...changes(here[address], there[address], address)]),
    ),
  };
}

/** The blocks of a stack by address, and its settings of Terraform. */
function byAddress({ environment, json }: Reviewed): Record<string, unknown> {
  const { name, aws, keycloak } = environment;
  const text = JSON.stringify(forReview(json))
    .replaceAll("${data.aws_caller_identity.account.account_id}", "<account>")
    .replaceAll(aws.accountId ?? "<account>", "<account>")
    .replaceAll(new URL(keycloak.url).hostname, "<domain>")
    .replaceAll(aws.region, "<region>")
    .replaceAll(name, "<environment>");
  const stack = JSON.parse(text) as TerraformJson;
  const all = blocks(stack).map(({ address, attributes }) => [address, attributes] as const);
  return { terraform: stack.terraform, ...Object.fromEntries(all) };
}

/** Paths and values that differ; within lists of one length as well. */
function* changes(here: unknown, there: unknown, path: string): Generator<[path: string, here: unknown]> {
  if (isDeepStrictEqual(here, there)) return;
  if (!isTree(here) || !isTree(there) || (Array.isArray(here) && here.length !== Object.keys(there).length)) {
    yield [path, here ?? "absent"];
    return;
  }
  for (const key of new Set([...Object.keys(here), ...Object.keys(there)]))
    yield* changes(here[key], there[key], `${path}.${key}`);
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
