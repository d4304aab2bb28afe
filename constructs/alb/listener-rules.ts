import { RELATIVE_PATH } from "../../keycloak-image/settings.ts";

/**
 * Which requests the HTTPS listener lets through to Keycloak, as data: the load balancer's construct, tests and anything
 * that acts as the load balancer read it. It is an allow-list; what no rule names gets {@link DEFAULT_ACTION}.
 *
 * What AWS allows (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html and
 * .../load-balancer-limits.html), none of it adjustable but the number of rules:
 * - a rule has one path condition, of patterns or of regular expressions, and one of source addresses; both must hold;
 * - a condition has 3 values, a rule has 5 values and 5 wildcards, a value has 128 characters, a listener has 100 rules;
 * - patterns know `*` and `?` and take no `%`, `;` or `\`; they are compared with the path alone, and case matters;
 * - expressions know no lookaround, backreference, atomic group, possessive quantifier or `\p{…}` (.../listener-rules.html).
 *
 * AWS says that rules see the path "after URI normalization" and not what that does, so no rule leans on it: a path goes
 * through for strangers only where no server could read it in two ways. Keycloak itself is not always so strict: it
 * resolves `..` and `//` before 26.4.4 (CVE-2025-10939, keycloak#43763) and skips `;x` before 26.4.9 and 26.5.2
 * (CVE-2026-0976, keycloak#45533).
 */

/** One rule of the listener; the first by priority whose conditions all hold decides. */
export interface ListenerRule {
  /** Kebab-case and unique: it becomes a construct's id, so renaming one replaces the rule. */
  readonly name: string;
  /** 1 to 50000, unique; a lower one is asked first. */
  readonly priority: number;
  /** Patterns for the whole path, with the wildcards `*` and `?`; not together with `pathRegexes`. */
  readonly paths?: readonly string[];
  /** Regular expressions for the path; not together with `paths`. */
  readonly pathRegexes?: readonly string[];
  /** Ranges, one of which must hold the address that connects to the load balancer; `X-Forwarded-For` does not count. */
  readonly sourceCidrs?: readonly string[];
  /**
   * Transform `url-rewrite`: what matches in the URL, from its path on, is replaced; `$1` stands for the first group.
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-transforms.html
   */
  readonly rewritePath?: { readonly regex: string; readonly replace: string };
  /** To Keycloak, or answered by the load balancer as plain text. */
  readonly action: "forward" | FixedResponse;
}

/** An answer of the load balancer itself. */
export interface FixedResponse {
  readonly status: 403 | 404;
  readonly body: string;
}

/** Closed by default, and silent about what is behind. */
export const DEFAULT_ACTION: FixedResponse = { status: 404, body: "Not found" };

/** Says enough for an administrator who is at the wrong place, and nothing that a stranger could use. */
const WRONG_ADDRESS: FixedResponse = { status: 403, body: "Not allowed from this address" };

/** Admin console, Admin API and the realm that holds the administrators. */
const ADMIN_PATHS = [`${RELATIVE_PATH}/admin*`, `${RELATIVE_PATH}/realms/master`, `${RELATIVE_PATH}/realms/master/*`];

/** What the three paths above leave of a rule's five values. */
const CIDRS_PER_RULE = 2;

/**
 * A part of a path that nobody reads in two ways: unreserved characters of RFC 3986 and the `@` of image files, and no
 * dot in front but that of `.well-known`. Keycloak's pages need no others; `%`, `;`, `\` and empty parts are not among them.
 */
const PART = String.raw`(\.well-known|[A-Za-z0-9_~@-][A-Za-z0-9._~@-]*)`;

/** The end of an expression. AWS leaves open whether expressions see the query, so it may be there. */
const END = String.raw`/?(\?.*)?$`;

/**
 * The rules, in the order of their priorities. More ranges only add rules: names and priorities of the others stay.
 * @param realm name of the realm for MCP clients: letters, digits, `-` and `_`, 36 at most
 * @param adminCidrs ranges in CIDR notation from which administrators come; none closes the admin console to all
 */
export function listenerRules({
  realm,
  adminCidrs,
}: {
  readonly realm: string;
  readonly adminCidrs: readonly string[];
}): ListenerRule[] {
  const realmPath = `${RELATIVE_PATH}/realms/${realm}`;
  // RFC 8414 section 3.1 puts the well-known part before the issuer's path, where Keycloak does not serve it.
  const metadata = String.raw`^/\.well-known/(oauth-authorization-server|openid-configuration)${realmPath}`;
  return [
    {
      name: "metadata",
      priority: 100,
      pathRegexes: [`${metadata}${END}`],
      rewritePath: { regex: `${metadata}/?`, replace: `${realmPath}/.well-known/$1` },
      action: "forward",
    },
    {
      // Keycloak has them on another port; refused here too, in case an image puts them back.
      name: "management",
      priority: 200,
      paths: [`${RELATIVE_PATH}/health*`, `${RELATIVE_PATH}/metrics*`],
      action: DEFAULT_ACTION,
    },
    // Any path below: the Admin API has names in its paths, such as those of roles, which clients encode.
    ...inGroupsOf(CIDRS_PER_RULE, [...new Set(adminCidrs)]).map((sourceCidrs, index): ListenerRule => ({
      name: `admin-${index + 1}`,
      priority: 1000 + index,
      paths: ADMIN_PATHS,
      sourceCidrs,
      action: "forward",
    })),
    { name: "admin-refused", priority: 2000, paths: ADMIN_PATHS, action: WRONG_ADDRESS },
    {
      // RFC 7591 and 7592, in the realm whose registration is guarded by policies.
      name: "registration",
      priority: 3000,
      pathRegexes: [`^${realmPath}/clients-registrations/openid-connect(/[A-Za-z0-9_-]+)?${END}`],
      action: "forward",
    },
    {
      // `default` takes any protocol mapper from a client, `install` tells a client's settings to anybody; nodes of
      // Keycloak's own adapters register themselves at the last one, and no MCP client does.
      name: "registration-refused",
      priority: 3100,
      paths: [`${RELATIVE_PATH}/realms/*/clients-registrations*`, `${RELATIVE_PATH}/realms/*/clients-managements*`],
      action: DEFAULT_ACTION,
    },
    {
      // https://www.keycloak.org/server/reverseproxy, "Exposed path recommendations"
      name: "public",
      priority: 4000,
      pathRegexes: [`^${RELATIVE_PATH}/(realms|resources)(/${PART})+${END}`],
      action: "forward",
    },
  ];
}

function inGroupsOf<T>(size: number, all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
