import { describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { SecurityGroups, type SecurityGroupsProps } from "../../constructs/security-groups.ts";
import { synthConstruct, type Template } from "../support/template.ts";

const groups = (changes: Partial<SecurityGroupsProps> = {}) =>
  synthConstruct((scope) => {
    const { endpointsId } = new SecurityGroups(scope, "security-groups", {
      name: "keycloak-test",
      vpcId: "vpc-1",
      clientCidrs: ["0.0.0.0/0"],
      taskEgressPorts: [443],
      endpoints: true,
      ...changes,
    });
    new TerraformOutput(scope, "endpoints", { value: endpointsId ?? "none" });
  });

/** The rules in words: `in: tasks → database: 5432`. */
function rulesOf(template: Template): string[] {
  const rules = (type: string) => Object.values(template.byId(`aws_vpc_security_group_${type}_rule`));
  return [
    ...rules("ingress").map((rule) => `in: ${peerOf(rule)} → ${groupOf(rule)}: ${portOf(rule)}`),
    ...rules("egress").map((rule) => `out: ${groupOf(rule)} → ${peerOf(rule)}: ${portOf(rule)}`),
  ].sort();
}

type Rule = Readonly<Record<string, unknown>>;

const groupOf = (rule: Rule) => named(rule.security_group_id);
const peerOf = (rule: Rule) => (rule.cidr_ipv4 as string | undefined) ?? named(rule.referenced_security_group_id);

/** The one TCP port of a rule. */
function portOf({ ip_protocol: protocol, from_port: from, to_port: to }: Rule): number {
  expect([protocol, to]).toEqual(["tcp", from]);
  return from as number;
}

/** `${aws_security_group.security-groups_tasks.id}` → `tasks` */
function named(reference: unknown): string {
  return /\.security-groups_([a-z-]+)\.id\}$/.exec(String(reference))![1]!;
}

describe("who may talk to whom", () => {
  test("is this, and nothing else", () => {
    expect(rulesOf(groups())).toEqual([
      "in: 0.0.0.0/0 → load-balancer: 443",
      "in: 0.0.0.0/0 → load-balancer: 80",
      "in: load-balancer → tasks: 8080",
      "in: tasks → database: 5432",
      "in: tasks → endpoints: 443",
      "in: tasks → tasks: 57800", // without it a node that hangs is noticed after minutes, not seconds
      "in: tasks → tasks: 7800",
      "out: load-balancer → tasks: 8080",
      "out: tasks → 0.0.0.0/0: 443",
      "out: tasks → database: 5432",
      "out: tasks → tasks: 57800",
      "out: tasks → tasks: 7800",
    ]);
  });

  test("has health and metrics closed to everybody: the container asks itself", () => {
    expect(rulesOf(groups()).filter((rule) => rule.endsWith(": 9000"))).toEqual([]);
  });

  test("opens further ports to tasks where the environment names them", () => {
    const out = rulesOf(groups({ taskEgressPorts: [443, 587] })).filter((rule) => rule.startsWith("out: tasks → 0"));
    expect(out).toEqual(["out: tasks → 0.0.0.0/0: 443", "out: tasks → 0.0.0.0/0: 587"]);
  });

  test("has no endpoints where there are none", () => {
    const without = groups({ endpoints: false });
    expect(rulesOf(without).filter((rule) => rule.includes("endpoints"))).toEqual([]);
    expect(without.resources("aws_security_group")).toHaveLength(3);
    expect(without.outputs().endpoints).toBe("none");
    expect(groups().outputs().endpoints).toBe("${aws_security_group.security-groups_endpoints.id}");
  });
});

describe("clients", () => {
  const fromClients = (clientCidrs: readonly string[]) =>
    groups({ clientCidrs }).byId("aws_vpc_security_group_ingress_rule");

  test("come from each of the environment's ranges", () => {
    expect(rulesOf(groups({ clientCidrs: ["10.0.0.0/8", "192.168.0.0/16"] })).slice(0, 4)).toEqual([
      "in: 10.0.0.0/8 → load-balancer: 443",
      "in: 10.0.0.0/8 → load-balancer: 80",
      "in: 192.168.0.0/16 → load-balancer: 443",
      "in: 192.168.0.0/16 → load-balancer: 80",
    ]);
  });

  test("at port 80 are accepted by checkov where they come from anywhere, with the reason, and only there", () => {
    expect(groups().acceptedFindings()).toEqual({
      "security-groups_clients-0-0-0-0-0-http": { CKV_AWS_260: expect.stringContaining("redirect") },
    });
    expect(groups({ clientCidrs: ["10.0.0.0/8"] }).acceptedFindings()).toEqual({});
  });

  test("whose range is named twice have one rule: AWS refuses the second, InvalidPermission.Duplicate", () => {
    expect(fromClients(["10.0.0.0/8", "10.0.0.0/8"])).toEqual(fromClients(["10.0.0.0/8"]));
  });

  // A rule that takes the place of one that is still there is refused too: with ids by number, to remove the first of
  // two ranges failed halfway.
  test("keep their rules when another range comes or goes, wherever it stands", () => {
    const [before, after] = [fromClients(["10.0.0.0/8", "10.9.0.0/16"]), fromClients(["172.16.0.0/12", "10.9.0.0/16"])];
    const kept = Object.keys(before).filter((id) => id in after);
    expect(kept).toContain("security-groups_clients-10-9-0-0-16-https");
    for (const id of kept) expect(after[id]).toEqual(before[id]);
  });
});

test("names and descriptions are such as EC2 takes, and as they always were: another one replaces a group in use", () => {
  const all = Object.values(groups().byId("aws_security_group"));
  expect(Object.fromEntries(all.map(({ name, description }) => [name, description]))).toEqual({
    "keycloak-test-load-balancer": "Load balancer: HTTPS from clients, HTTP only to be redirected",
    "keycloak-test-tasks": "Keycloak tasks: from the load balancer and from each other",
    "keycloak-test-database": "Database: from Keycloak tasks only",
    "keycloak-test-endpoints": "VPC endpoints: HTTPS from Keycloak tasks",
  });
  const rules = ["ingress", "egress"].flatMap((way) => groups().resources(`aws_vpc_security_group_${way}_rule`));
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
  for (const { description } of [...all, ...rules])
    expect(description).toMatch(/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
});
