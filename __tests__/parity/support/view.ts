import { realmDefinition } from "../../../realm/definition.ts";
import type { Environment } from "../../../environments/schema/index.ts";
import { blocks, parsedJson, type Attributes, type TerraformJson } from "../../synthesized/support/blocks.ts";
import { synthesize } from "../../synthesized/support/stacks.ts";

/** One block, under the name that addresses use. */
export interface ViewBlock {
  /**
   * `aws_lb`, `data.aws_x`, `ephemeral.aws_x`, `output`, `provider`, `terraform`, `module`; also `container` for those in
   * task definitions, and `registration-policy` for what phase 2 sets.
   */
  readonly type: string;
  /** Construct ids joined by `/`, such as `vpc/private-1`; of an output `<stack>.<name>`, such as `realm.issuer`. */
  readonly name: string;
  readonly attributes: Attributes;
}

/** Everything that one environment deploys. */
export type View = readonly ViewBlock[];

/** What stands at an address. */
export interface Found {
  /** Whether the block is there, and all of the path but its last step. */
  readonly found: boolean;
  readonly value: unknown;
}

/** Synthesizes all stacks of an environment. In strings, references to blocks are written as addresses are. */
export function viewOf(environment: Environment): View {
  const synthesized = synthesize(environment).flatMap(({ stack, json }) =>
    blocksOf(json, stack.slice(environment.name.length + 1)),
  );
  const policies = realmDefinition(environment).registrationPolicies.map(
    ({ name, subType, ...attributes }): ViewBlock => ({
      type: "registration-policy",
      name: `${name} (${subType})`,
      attributes: { ...attributes },
    }),
  );
  // Stacks of one environment repeat their provider and what they look up.
  const all = new Map([...synthesized, ...policies].map((block) => [JSON.stringify(block), block]));
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function blocksOf(json: TerraformJson, stack: string): ViewBlock[] {
  const declared = blocks(json).map(({ kind, type, address, attributes }): ViewBlock => {
    const name = readable(address.slice(address.lastIndexOf(".") + 1));
    const block = readableReferences(attributes) as Attributes;
    if (kind === "output") return { type: "output", name: `${stack}.${type}`, attributes: block };
    if (kind === "provider") return { type: "provider", name: type, attributes: block };
    return { type: kind === "resource" ? type : `${kind}.${type}`, name, attributes: block };
  });
  const containers = declared
    .filter(({ type }) => type === "aws_ecs_task_definition")
    .flatMap(({ attributes }) => parsedJson(attributes.container_definitions as string) as Attributes[])
    .map((attributes): ViewBlock => ({ type: "container", name: attributes.name as string, attributes }));
  const modules = Object.entries((json as { module?: Record<string, Attributes> }).module ?? {}).map(
    ([name, attributes]): ViewBlock => ({ type: "module", name, attributes }),
  );
  return [...declared, ...containers, ...modules, { type: "terraform", name: stack, attributes: json.terraform ?? {} }];
}

/** `vpc_private-1_94F31C2E` is the construct `vpc/private-1`. */
function readable(name: string): string {
  return /_[0-9A-F]{8}$/.test(name) ? name.slice(0, -9).replaceAll("_", "/") : name;
}

function readableReferences(value: unknown): unknown {
  if (typeof value === "string")
    return value.replace(
      /\b((?:data\.|ephemeral\.)?(?:aws|keycloak)_\w+)\.([\w-]+)/g,
      (_, type: string, name: string) => `${type}.${readable(name)}`,
    );
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(readableReferences);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, readableReferences(entry)]));
}

/**
 * Reads an address, `<type>[ <name>][: <path>]`:
 * - `aws_lb: internal` of the only block of that type
 * - `aws_subnet vpc/public-1: cidr_block` of the one with that name
 * - `aws_subnet vpc/public-*: cidr_block` of all whose names match: the values as a list
 * - `aws_subnet vpc/public-*: #` how many there are
 * - `aws_lb *` the names of all, undefined where there are none
 *
 * A path's steps are names of arguments. In a list, a step is the `name` of an entry (whose value is then meant), or else
 * taken in every entry. JSON in a string is opened.
 */
export function find(view: View, address: string): Found {
  const { type, name, path } = parsed(address);
  const matching = view.filter((block) => block.type === type && matchesName(name, block.name));
  if (path === undefined)
    return { found: true, value: matching.length > 0 ? matching.map((block) => block.name) : undefined };
  if (path === "#") return { found: true, value: matching.length };
  const several = name?.includes("*");
  if (matching.length === 0 || (!several && matching.length > 1)) return { found: false, value: matching.length };

  const steps = path.split(".");
  const read = (depth: number) => {
    const values = matching.map(({ attributes }) => steps.slice(0, depth).reduce<unknown>(step, attributes));
    return several ? some(values) : values[0];
  };
  return { found: read(steps.length - 1) !== undefined, value: read(steps.length) };
}

/** The parts of an address. */
export function parsed(address: string): { type: string; name?: string; path?: string } {
  const { type, name, path } = /^(?<type>[^\s:]+)(?: (?<name>[^:]+))?(?:: (?<path>.+))?$/.exec(address)!.groups!;
  return { type: type!, name, path };
}

function matchesName(wanted: string | undefined, name: string): boolean {
  if (wanted === undefined) return true;
  const [before, after] = wanted.split("*") as [string, string?];
  if (after === undefined) return name === wanted;
  return name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after);
}

function step(value: unknown, name: string): unknown {
  if (typeof value === "string") return step(parsedJson(value), name);
  if (!Array.isArray(value)) return (value as Attributes | undefined)?.[name];
  const entries = value as Attributes[];
  const entry = entries.find((one) => one.name === name);
  if (entry) return entry.value ?? entry.valueFrom ?? entry;
  if (entries.length > 0 && entries.every((one) => typeof one.name === "string")) return undefined;
  return entries.length === 1 ? step(entries[0], name) : some(entries.map((one) => step(one, name)));
}

/** The values that are there. */
function some(values: readonly unknown[]): unknown[] | undefined {
  const present = values.filter((value) => value !== undefined);
  return present.length > 0 ? present : undefined;
}
