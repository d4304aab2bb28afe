import type { TerraformStack } from "cdktf";
import { addStacks } from "../../../stacks/index.ts";
import { environmentOnAws } from "../../support/environment.ts";
import { testApp, withoutStackTraces } from "../../support/template.ts";
import type { DocumentedCommand } from "./commands.ts";

/** Lets cdktf run a stack without those that it needs. */
const ALONE = "--ignore-missing-stack-dependencies";

/** The stacks of an environment on AWS, each with those that it needs, as cdktf gets to know them. */
export function stacksOf(environment: string): ReadonlyMap<string, readonly string[]> {
  const app = testApp();
  withoutStackTraces(() => addStacks(app, { ...environmentOnAws(), name: environment }));
  const stacks = app.node.children as TerraformStack[];
  return new Map(stacks.map(({ node, dependencies }) => [node.id, dependencies.map((other) => other.node.id)]));
}

/**
 * Why cdktf would refuse a command; undefined where it would not. It deploys a stack with all that it needs only, and
 * destroys it with all that need it. A mention without stacks is no command; nor is `<stack>`, which stands for any.
 */
export function refusal({ name, words }: DocumentedCommand): string | undefined {
  const patterns = words.filter((word) => !word.startsWith("-")).map((word) => word.replaceAll(/<[^>]+>-/g, "test-"));
  if (patterns.length === 0 || patterns.some((pattern) => pattern.startsWith("<"))) return undefined;
  const environment = /^(.+)-(?:registry|keycloak|realm|\*)$/.exec(patterns[0]!)?.[1];
  if (!environment) return `"${patterns[0]}" is no stack: they are <environment>-registry, -keycloak and -realm`;
  const stacks = stacksOf(environment);
  const chosen = patterns.flatMap((pattern) => [...stacks.keys()].filter((stack) => matches(stack, pattern)));
  const none = patterns.find((pattern) => ![...stacks.keys()].some((stack) => matches(stack, pattern)));
  if (none) return `"${none}" is no stack of ${environment}`;
  if (name !== "deploy" && name !== "destroy") return undefined;
  if (words.includes(ALONE)) return undefined;
  const needed =
    name === "deploy"
      ? chosen.flatMap((stack) => stacks.get(stack)!)
      : [...stacks].flatMap(([stack, needs]) => (needs.some((one) => chosen.includes(one)) ? [stack] : []));
  const missing = needed.filter((stack) => !chosen.includes(stack));
  return missing.length > 0 ? `cdktf refuses it without ${missing.join(" and ")}, or ${ALONE}` : undefined;
}

function matches(stack: string, pattern: string): boolean {
  return new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(stack);
}
