import { describe, expect, test } from "@jest/globals";
import { environmentSchema } from "../../environments/schema/index.ts";
import { MINIMAL } from "../support/environment.ts";
import { resources } from "./support/blocks.ts";
import {
  ambiguousNames,
  NAME_RULES,
  names,
  OTHER_NAMES,
  otherNames,
  refusedNames,
  sharedNames,
} from "./support/names.ts";
import {
  exposed,
  groupsOf,
  hiddenRules,
  isGroup,
  oneSidedRules,
  publicSubnets,
  rules,
  subnetsOf,
  unroutedSubnets,
} from "./support/network.ts";
import { cycle, danglingReferences, unread, unused } from "./support/references.ts";
import {
  lastingWriteOnlyArguments,
  leakedEphemerals,
  literalSecrets,
  secretOutputs,
  secretsInState,
} from "./support/secrets.ts";
import { isOnAws, renamed, synthesize, synthesizeAll } from "./support/stacks.ts";

const all = await synthesizeAll();
const onAws = all.filter(isOnAws);
const withNetwork = onAws.filter(({ stack }) => stack.endsWith("-keycloak"));

/** Who makes a resource worth having; what only belongs to it, such as a rule of a group, does not. */
const USERS: Readonly<Record<string, readonly string[]>> = {
  aws_cloudwatch_log_group: [
    "aws_ecs_task_definition",
    "aws_rds_cluster",
    "aws_flow_log",
    "aws_wafv2_web_acl_logging_configuration",
  ],
  aws_db_subnet_group: ["aws_rds_cluster"],
  aws_ecs_cluster: ["aws_ecs_service"],
  aws_ecs_task_definition: ["aws_ecs_service"],
  aws_eip: ["aws_nat_gateway"],
  aws_iam_role: ["aws_ecs_task_definition", "aws_rds_cluster_instance", "aws_flow_log"],
  aws_internet_gateway: ["aws_route"],
  aws_kms_key: ["aws_cloudwatch_log_group", "aws_rds_cluster", "aws_sns_topic"],
  aws_lb: ["aws_lb_listener"],
  aws_lb_target_group: ["aws_ecs_service"],
  aws_nat_gateway: ["aws_route"],
  aws_rds_cluster: ["aws_rds_cluster_instance"],
  aws_rds_cluster_parameter_group: ["aws_rds_cluster"],
  aws_route_table: ["aws_route_table_association"],
  aws_s3_bucket: ["aws_lb", "aws_ecs_task_definition"],
  aws_security_group: ["aws_lb", "aws_ecs_service", "aws_rds_cluster", "aws_vpc_endpoint"],
  aws_sns_topic: ["aws_cloudwatch_metric_alarm"],
  aws_subnet: ["aws_lb", "aws_ecs_service", "aws_db_subnet_group", "aws_nat_gateway"],
  aws_vpc: ["aws_subnet"],
  aws_wafv2_web_acl: ["aws_wafv2_web_acl_association"],
};

/** What nothing of a stack uses: `npm run db-dump` and the like start these tasks. */
const STARTED_BY_COMMANDS = /^aws_ecs_task_definition\.backup_/;

const LONGEST_NAME = "a".repeat(20);

/** Names that AWS takes only in some places; those that the schema refuses need not work. */
const ODD_NAMES = ["a0", "a--b", "internal"];

describe.each(all)("$stack", ({ json }) => {
  test("refers only to what it declares", () => {
    expect(danglingReferences(json)).toEqual([]);
  });

  test("has no cycle", () => {
    expect(cycle(json)).toBeUndefined();
  });

  test("has nothing that nothing uses", () => {
    expect(unused(json, USERS).filter((address) => !STARTED_BY_COMMANDS.test(address))).toEqual([]);
    expect(unread(json)).toEqual([]);
  });

  test("[secrets.nowhere] holds no secret: ephemeral values flow into write-only arguments, and nowhere else", () => {
    expect(literalSecrets(json)).toEqual([]);
    expect(secretsInState(json)).toEqual([]);
    expect(leakedEphemerals(json)).toEqual([]);
    expect(lastingWriteOnlyArguments(json)).toEqual([]);
    expect(secretOutputs(json)).toEqual([]);
  });
});

test("no type of resource is listed as used, or as a user, that is not there any more", () => {
  const there = new Set(all.flatMap(({ json }) => Object.keys(json.resource ?? {})));
  const listed = [...Object.keys(USERS), ...Object.values(USERS).flat()];
  expect(listed.filter((type) => !there.has(type))).toEqual([]);
});

describe.each(withNetwork)("network of $stack", ({ json, environment }) => {
  const { network, loadBalancer, service } = environment.aws;
  const [balancerGroup] = groupsOf(json, "aws_lb");
  const [taskGroup] = groupsOf(json, "aws_ecs_service");
  const all = rules(json);

  test("has all its rules where these tests read them", () => {
    expect(hiddenRules(json)).toEqual([]);
    expect(all.length).toBeGreaterThan(8);
  });

  test("lets clients in at ports 443 and 80 of the load balancer, and nobody from outside anywhere else", () => {
    const fromOutside = all.filter(({ direction, peer }) => direction === "in" && !isGroup(peer));
    const wanted = loadBalancer.clientCidrs.flatMap((peer) =>
      [443, 80].map((port) => ({ direction: "in", group: balancerGroup, peer, port })),
    );
    expect(fromOutside).toHaveLength(wanted.length);
    expect(fromOutside).toEqual(expect.arrayContaining(wanted));
  });

  test("is open to the world only where it is internet-facing", () => {
    const toAnybody = all.filter(({ direction, peer }) => direction === "in" && /^(0\.0\.0\.0|::)\//.test(peer));
    expect(toAnybody.map(({ port }) => port).sort()).toEqual(loadBalancer.internal ? [] : [443, 80]);
    expect(resources(json, "aws_lb").map(({ attributes }) => attributes.internal)).toEqual([loadBalancer.internal]);
  });

  test("lets tasks out at the environment's egress ports, and nothing else", () => {
    const outside = all.filter(({ direction, peer }) => direction === "out" && !isGroup(peer));
    expect(outside).toEqual(
      service.egressPorts.map((port) => ({ direction: "out", group: taskGroup, peer: "0.0.0.0/0", port })),
    );
  });

  test("has both sides of every rule from group to group", () => {
    expect(oneSidedRules(all)).toEqual([]);
  });

  test("gives no public address to anything but load balancer and NAT gateways, and no public access to a bucket", () => {
    expect(exposed(json)).toEqual([]);
  });

  test("puts tasks, database and endpoints into the private subnets, and the load balancer where its clients are", () => {
    const isOwn = network.kind === "own";
    const open = isOwn ? publicSubnets(json) : (network.publicSubnetIds ?? []);
    const closed = isOwn
      ? resources(json, "aws_subnet").flatMap(({ address }) => (open.includes(address) ? [] : [address]))
      : network.privateSubnetIds;
    expect(closed.length).toBeGreaterThan(1);
    expect(subnetsOf(json, "aws_ecs_service")).toEqual([...closed].sort());
    expect(subnetsOf(json, "aws_db_subnet_group")).toEqual([...closed].sort());
    expect(subnetsOf(json, "aws_lb")).toEqual([...(loadBalancer.internal ? closed : open)].sort());
    expect(closed).toEqual(expect.arrayContaining(subnetsOf(json, "aws_vpc_endpoint")));
    expect(open).toEqual(expect.arrayContaining(subnetsOf(json, "aws_nat_gateway")));
  });

  test("has one route table for each subnet, so that none falls back to the VPC's main table", () => {
    expect(unroutedSubnets(json)).toEqual([]);
  });
});

describe.each(onAws)("provider of $stack", ({ json, environment }) => {
  const { region, accountId, tags } = environment.aws;

  test("tags everything with the project, the environment and the environment's own tags", () => {
    expect(json.provider!.aws).toEqual([
      {
        region,
        ...(accountId && { allowed_account_ids: [accountId] }),
        default_tags: [
          {
            tags: {
              ...tags,
              Project: "keycloak-mcp-aws",
              Environment: environment.name,
              ManagedBy: "cdktf",
            },
          },
        ],
      },
    ]);
  });
});

describe("names", () => {
  const environments = [...new Set(onAws.map(({ environment }) => environment))];
  const stacksOf = (wanted: (typeof environments)[number]) => onAws.filter((one) => one.environment === wanted);
  /** Of each environment, another one with the same settings. */
  const others = new Map(
    environments.map((one) => [one.name, synthesize(renamed(one, LONGEST_NAME)).filter(isOnAws)] as const),
  );

  test("are all known: each has a limit, or a reason not to be the environment's own", () => {
    const unknown = new Set(onAws.flatMap(({ json }) => otherNames(json)));
    expect([...unknown].sort()).toEqual(Object.keys(OTHER_NAMES).sort());
    const known = new Set(onAws.flatMap(({ json }) => names(json).map(({ kind }) => kind)));
    expect([...known].sort()).toEqual(Object.keys(NAME_RULES).sort());
  });

  test("carry the environment's name", () => {
    for (const { environment, json } of onAws)
      expect(names(json).filter(({ value }) => !value.includes(environment.name))).toEqual([]);
  });

  test("differ between two environments of one account and Region, and so do the places of their states", () => {
    for (const environment of environments) {
      const both = [...stacksOf(environment), ...others.get(environment.name)!];
      expect(sharedNames(both.flatMap(({ json }) => names(json)))).toEqual([]);
      const states = both.map(({ json }) => JSON.stringify(json.terraform!.backend));
      expect(new Set(states).size).toBe(states.length);
    }
  });

  test("differ whatever else the other environment is called", () => {
    for (const environment of environments) {
      const asked = stacksOf(environment).flatMap(({ json }) => names(json));
      expect(ambiguousNames(asked, environment.name)).toEqual([]);
    }
  });

  test("are such as AWS takes", () => {
    expect(refusedNames(onAws.flatMap(({ json }) => names(json)))).toEqual([]);
  });

  test("are such as AWS takes where the environment's name is the longest that the schema allows", () => {
    expect(isAllowed(LONGEST_NAME)).toBe(true);
    expect(isAllowed(`${LONGEST_NAME}a`)).toBe(false);
    expect(refusedNames([...others.values()].flat().flatMap(({ json }) => names(json)))).toEqual([]);
  });

  test("are such as AWS takes where the environment's name is an odd one that the schema allows", () => {
    const odd = ODD_NAMES.filter(isAllowed).flatMap((name) => synthesize(renamed(environments[0]!, name)));
    expect(refusedNames(odd.flatMap(({ json }) => names(json)))).toEqual([]);
  });
});

function isAllowed(name: string): boolean {
  return environmentSchema.safeParse({ ...MINIMAL, name }).success;
}
