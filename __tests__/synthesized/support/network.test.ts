import { describe, expect, test } from "@jest/globals";
import type { TerraformJson } from "./blocks.ts";
import { exposed, hiddenRules, oneSidedRules, publicSubnets, rules, subnetsOf, unroutedSubnets } from "./network.ts";

/** A stack of a few resources: `{ aws_x: { name: { ... } } }`. */
const stack = (resource: TerraformJson["resource"]): TerraformJson => ({ resource });

describe("network", () => {
  const inward = { security_group_id: "${aws_security_group.a.id}", ip_protocol: "tcp", from_port: 1, to_port: 1 };
  const fromB = { ...inward, referenced_security_group_id: "${aws_security_group.b.id}" };
  const outOfB = { ...inward, security_group_id: "${aws_security_group.b.id}" };

  test("rules show a range, a group, a protocol and a range of ports", () => {
    const ingress = {
      range: { ...inward, cidr_ipv4: "0.0.0.0/0" },
      sixth: { ...inward, cidr_ipv6: "::/0", to_port: 9 },
      all: { security_group_id: "${aws_security_group.a.id}", ip_protocol: "-1", prefix_list_id: "pl-1" },
      fromB,
    };
    const rule = { direction: "in", group: "aws_security_group.a" };
    expect(rules(stack({ aws_vpc_security_group_ingress_rule: ingress }))).toEqual([
      { ...rule, peer: "0.0.0.0/0", port: 1 },
      { ...rule, peer: "::/0", port: "tcp 1-9" },
      { ...rule, peer: "pl-1", port: "-1 null-null" },
      { ...rule, peer: "aws_security_group.b", port: 1 },
    ]);
  });

  test("rules within a group, or of a network ACL, are found", () => {
    const json = stack({
      aws_security_group: { fine: { ingress: [] }, inline: { egress: [{ from_port: 0 }] } },
      aws_network_acl: { acl: {} },
    });
    expect(hiddenRules(json)).toEqual(["aws_security_group.inline", "aws_network_acl.acl"]);
  });

  test("a rule from group to group needs its counterpart", () => {
    const ingress = { aws_vpc_security_group_ingress_rule: { fromB } };
    const complaint = "aws_security_group.a: in 1, but not on the side of aws_security_group.b";
    const egress = (rule: object) =>
      rules(stack({ ...ingress, aws_vpc_security_group_egress_rule: { out: rule as never } }));
    expect(oneSidedRules(rules(stack(ingress)))).toEqual([complaint]);
    expect(oneSidedRules(egress({ ...outOfB, cidr_ipv4: "10.0.0.0/8" }))).toEqual([complaint]);
    expect(oneSidedRules(egress({ ...outOfB, cidr_ipv4: "0.0.0.0/0", to_port: 2 }))).toEqual([complaint]);
    expect(oneSidedRules(egress({ ...outOfB, cidr_ipv4: "0.0.0.0/0" }))).toEqual([]);
    expect(oneSidedRules(egress({ ...outOfB, referenced_security_group_id: "${aws_security_group.a.id}" }))).toEqual(
      [],
    );
  });

  test("a subnet is public by its route table, and has exactly one", () => {
    const json = stack({
      aws_subnet: { open: {}, closed: {}, lost: {} },
      aws_route: {
        out: { route_table_id: "${aws_route_table.open.id}", gateway_id: "${aws_internet_gateway.g.id}" },
        nat: { route_table_id: "${aws_route_table.closed.id}", nat_gateway_id: "${aws_nat_gateway.n.id}" },
      },
      aws_route_table_association: {
        open: { subnet_id: "${aws_subnet.open.id}", route_table_id: "${aws_route_table.open.id}" },
        closed: { subnet_id: "${aws_subnet.closed.id}", route_table_id: "${aws_route_table.closed.id}" },
      },
    });
    expect(publicSubnets(json)).toEqual(["aws_subnet.open"]);
    expect(unroutedSubnets(json)).toEqual(["aws_subnet.lost"]);
  });

  test("subnets are read from blocks and lists, as references and as ids", () => {
    const json = stack({
      aws_ecs_service: { s: { network_configuration: { subnets: ["subnet-2", "${aws_subnet.a.id}"] } } },
      aws_nat_gateway: { n: { subnet_id: "subnet-1" } },
    });
    expect(subnetsOf(json, "aws_ecs_service")).toEqual(["aws_subnet.a", "subnet-2"]);
    expect(subnetsOf(json, "aws_nat_gateway")).toEqual(["subnet-1"]);
    expect(subnetsOf(json, "aws_lb")).toEqual([]);
  });

  test("what is public by an argument, or by leaving one out, is found", () => {
    const json = stack({
      aws_ecs_service: { s: { network_configuration: { assign_public_ip: true } } },
      aws_subnet: { s: {} },
      aws_s3_bucket: { open: {}, closed: {} },
      aws_s3_bucket_public_access_block: {
        b: {
          bucket: "${aws_s3_bucket.closed.id}",
          block_public_acls: true,
          block_public_policy: true,
          ignore_public_acls: true,
        },
      },
    });
    expect(exposed(json)).toEqual([
      "aws_ecs_service.s: network_configuration.assign_public_ip is not false",
      "aws_subnet.s: map_public_ip_on_launch is not false",
      "aws_s3_bucket_public_access_block.b: restrict_public_buckets is not true",
      "aws_s3_bucket.open: nothing blocks public access",
    ]);
  });
});
