import { resources, type Block, type TerraformJson } from "./blocks.ts";
import { referenceOf, references } from "./references.ts";

/** A rule of a security group. */
export interface Rule {
  readonly direction: "in" | "out";
  /** Address of the group. */
  readonly group: string;
  /** A range, or the address of another group. */
  readonly peer: string;
  /** One TCP port as a number, anything else in words. */
  readonly port: number | string;
}

const RULE_TYPES = { aws_vpc_security_group_ingress_rule: "in", aws_vpc_security_group_egress_rule: "out" } as const;

/** Where rules could stand that {@link rules} does not read. */
const OTHER_RULES = ["aws_security_group_rule", "aws_network_acl", "aws_network_acl_rule", "aws_default_network_acl"];

/** The rules of all security groups. */
export function rules(json: TerraformJson): Rule[] {
  return Object.entries(RULE_TYPES).flatMap(([type, direction]) =>
    resources(json, type).map(({ attributes }) => {
      const { ip_protocol: protocol, from_port: from, to_port: to, security_group_id: group } = attributes;
      const peer =
        attributes.referenced_security_group_id ??
        attributes.cidr_ipv4 ??
        attributes.cidr_ipv6 ??
        attributes.prefix_list_id;
      return {
        direction,
        group: addressOrText(group),
        peer: addressOrText(peer),
        port:
          protocol === "tcp" && from === to && typeof from === "number"
            ? from
            : `${text(protocol)} ${text(from)}-${text(to)}`,
      };
    }),
  );
}

/** Rules that stand where nobody looks for them: in a group itself, or in network ACLs. */
export function hiddenRules(json: TerraformJson): string[] {
  const inline = resources(json, "aws_security_group", "aws_default_security_group").filter(({ attributes }) =>
    ["ingress", "egress"].some((key) => Array.isArray(attributes[key]) && attributes[key].length > 0),
  );
  return [...inline, ...resources(json, ...OTHER_RULES)].map((one) => one.address);
}

/** Rules from group to group that the other group has no counterpart of: no packet gets through. */
export function oneSidedRules(all: readonly Rule[]): string[] {
  return all
    .filter(({ peer }) => isGroup(peer))
    .filter(
      (rule) =>
        !all.some(
          (other) =>
            other.direction !== rule.direction &&
            other.group === rule.peer &&
            other.port === rule.port &&
            (other.peer === rule.group || other.peer === "0.0.0.0/0"),
        ),
    )
    .map(({ group, direction, port, peer }) => `${group}: ${direction} ${port}, but not on the side of ${peer}`);
}

/** Whether a peer is a group and not a range. */
export function isGroup(peer: string): boolean {
  return /^aws_[a-z_]*security_group\./.test(peer);
}

/** Subnets of the stack whose route table leads to an internet gateway; the others are private. */
export function publicSubnets(json: TerraformJson): string[] {
  const tables = new Set(
    resources(json, "aws_route")
      .filter(({ attributes }) => attributes.gateway_id !== undefined)
      .map(({ attributes }) => referenceOf(attributes.route_table_id)),
  );
  return associations(json).flatMap(({ table, subnet }) => (tables.has(table) ? [subnet] : []));
}

/** Subnets that no route table of the stack, or more than one, is for. */
export function unroutedSubnets(json: TerraformJson): string[] {
  const routed = associations(json).map(({ subnet }) => subnet);
  return resources(json, "aws_subnet")
    .map((one) => one.address)
    .filter((address) => routed.filter((other) => other === address).length !== 1);
}

function associations(json: TerraformJson) {
  return resources(json, "aws_route_table_association").map(({ attributes }) => ({
    subnet: addressOrText(attributes.subnet_id),
    table: addressOrText(attributes.route_table_id),
  }));
}

/** What has a network interface or names subnets for it, and the arguments that say where. */
const PLACED = {
  aws_lb: ["subnets"],
  aws_ecs_service: ["network_configuration", "subnets"],
  aws_db_subnet_group: ["subnet_ids"],
  aws_vpc_endpoint: ["subnet_ids"],
  aws_nat_gateway: ["subnet_id"],
} as const;

/** Addresses or ids of the subnets that all resources of a type are in. */
export function subnetsOf(json: TerraformJson, type: keyof typeof PLACED): string[] {
  const found = resources(json, type).flatMap(({ attributes }) => [at(attributes, PLACED[type])].flat());
  return [...new Set(found.filter((value) => value !== undefined).map(addressOrText))].sort();
}

/** Addresses of the groups that a resource of a type is in. */
export function groupsOf(json: TerraformJson, type: string): string[] {
  return resources(json, type).flatMap((one) =>
    [...references(one)].filter((address) => address.startsWith("aws_security_group.")),
  );
}

/** Arguments that give something an address on the internet, and the value that does not. */
const NOT_PUBLIC: Readonly<Record<string, readonly (readonly [path: string, value: unknown])[]>> = {
  aws_ecs_service: [["network_configuration.assign_public_ip", false]],
  aws_subnet: [["map_public_ip_on_launch", false]],
  aws_rds_cluster_instance: [["publicly_accessible", false]],
  aws_s3_bucket_public_access_block: [
    ["block_public_acls", true],
    ["block_public_policy", true],
    ["ignore_public_acls", true],
    ["restrict_public_buckets", true],
  ],
};

/** What could be reached from the internet past the load balancer; a default is not trusted. */
export function exposed(json: TerraformJson): string[] {
  const wrong = Object.entries(NOT_PUBLIC).flatMap(([type, wanted]) =>
    resources(json, type).flatMap(({ address, attributes }) =>
      wanted
        .filter(([path, value]) => at(attributes, path.split(".")) !== value)
        .map(([path, value]) => `${address}: ${path} is not ${String(value)}`),
    ),
  );
  const blocked = new Set(resources(json, "aws_s3_bucket_public_access_block").flatMap((one) => [...references(one)]));
  const open = resources(json, "aws_s3_bucket").filter((bucket) => !blocked.has(bucket.address));
  return [...wrong, ...open.map(({ address }) => `${address}: nothing blocks public access`)];
}

function at(attributes: Block["attributes"], path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], attributes);
}

function addressOrText(value: unknown): string {
  return referenceOf(value) ?? text(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}
