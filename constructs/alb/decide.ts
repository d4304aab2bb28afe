import { BlockList, isIPv6 } from "node:net";
import { DEFAULT_ACTION, type ListenerRule } from "./listener-rules.ts";

/** What a load balancer with these rules does with a request. */
export interface Decision {
  /** Name of the rule that decided, or `default`. */
  readonly rule: string;
  readonly action: ListenerRule["action"];
  /** What a target gets as path and query: as sent, or rewritten by the rule. */
  readonly path: string;
}

/**
 * Decides about a request as an Application Load Balancer does: the first rule by priority whose conditions all hold.
 * It takes the path as it is; what AWS calls URI normalization is not documented, and the rules must not need it.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 * @param rules in any order
 * @param request path, with the query if there is one, and the IPv4 or IPv6 address that it comes from
 */
export function decide(
  rules: readonly ListenerRule[],
  { path, sourceAddress }: { readonly path: string; readonly sourceAddress: string },
): Decision {
  const withoutQuery = path.split("?", 1)[0]!;
  const rule = rules
    .toSorted((one, other) => one.priority - other.priority)
    .find((candidate) => matchesPath(candidate, withoutQuery) && comesFrom(candidate.sourceCidrs, sourceAddress));
  if (!rule) return { rule: "default", action: DEFAULT_ACTION, path };
  const { name, action, rewritePath } = rule;
  // A URL that the expression does not match is sent on as it is.
  const rewritten = rewritePath ? path.replace(new RegExp(rewritePath.regex), rewritePath.replace) : path;
  return { rule: name, action, path: rewritten };
}

function matchesPath({ paths, pathRegexes }: ListenerRule, path: string): boolean {
  if (!paths && !pathRegexes) return true;
  return [...(paths ?? []).map(patternToRegex), ...(pathRegexes ?? [])].some((regex) =>
    new RegExp(regex, "s").test(path),
  );
}

/** `*` is any number of any characters, slashes too, and `?` is one; nothing else is special. */
function patternToRegex(pattern: string): string {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return `^${literal.replaceAll("*", ".*").replaceAll("?", ".")}$`;
}

function comesFrom(cidrs: readonly string[] | undefined, address: string): boolean {
  if (!cidrs) return true;
  const ranges = new BlockList();
  for (const cidr of cidrs) {
    const [network, prefix] = cidr.split("/");
    ranges.addSubnet(network!, Number(prefix), family(network!));
  }
  return ranges.check(address, family(address));
}

const family = (address: string) => (isIPv6(address) ? "ipv6" : "ipv4");
