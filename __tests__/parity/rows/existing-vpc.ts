import { changed, dropped, on, same, sameAs, section, type Row } from "../support/row.ts";
import { OWN_RESOURCES } from "./reasons.ts";

const FILE = "environments/template/main.tf";
const TFVARS = "environments/template/terraform.tfvars";

const PRIVATE = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"];
const PUBLIC = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"];

/** Whose network it is: the module's, or one that was there before. */
export const EXISTING_VPC: readonly Row[] = [
  ...section(`${FILE}, module.network`, "", [
    same("count, enable_network on", 1, "aws_vpc: #"),
    dropped("source", "../../modules/network", OWN_RESOURCES, "module *"),
  ]),
  ...section(
    `${FILE}, module.network`,
    "",
    [
      same("count, enable_network off", 0, "aws_vpc: #"),
      same("count of subnets, enable_network off", 0, "aws_subnet: #"),
    ],
    "existing VPC",
  ),
  ...section(
    `${FILE}, data.aws_subnet.selected`,
    "data.aws_subnet *",
    ["for_each", "id"].map((argument) =>
      dropped(
        argument,
        "var.private_subnet_ids",
        "it looked up ranges for the cluster's rule, which names the tasks' group instead",
        "data.aws_subnet *",
      ),
    ),
    "existing VPC",
  ),
  ...section(
    `${TFVARS}, existing network`,
    "",
    [
      sameAs("vpc_id", "vpc-qux", "vpc-0123456789abcdef0", "aws_lb_target_group: vpc_id"),
      sameAs(
        "private_subnet_ids, tasks",
        ["subnet-foo", "subnet-bar"],
        PRIVATE,
        "aws_ecs_service: network_configuration.subnets",
      ),
      sameAs("private_subnet_ids, database", ["subnet-foo", "subnet-bar"], PRIVATE, "aws_db_subnet_group: subnet_ids"),
      sameAs("public_subnet_ids", ["subnet-12345678", "subnet-90123456"], PUBLIC, "aws_lb: subnets"),
      dropped(
        "rds_source_region",
        "us-east-1a",
        "the source Region is of a cluster that replicates another one, which this one does not",
        "aws_rds_cluster: source_region",
      ),
      dropped("route_table_ids", ["rtb-baz"], "the endpoints of an existing VPC are its owner's", "aws_vpc_endpoint *"),
    ],
    "existing VPC",
  ),
  ...section(`${TFVARS}, existing network`, "", [same("internal", true, "aws_lb: internal")], "internal"),
  ...section("article, Step 1: terraform.tfvars", "", [
    same("aws_region", "us-east-1", "provider aws: region"),
    same("environment", "production", "provider aws: default_tags.tags.Environment"),
    same("vpc_cidr", "10.0.0.0/16", "aws_vpc: cidr_block"),
    changed(
      "availability_zones",
      ["us-east-1a", "us-east-1b"],
      "available",
      "the account's first two by default; network.availabilityZones takes their names as well",
      "data.aws_availability_zones: state",
    ),
    on(
      "existing VPC",
      sameAs(
        "certificate_arn",
        "arn:aws:acm:us-east-1:ACCOUNT:certificate/CERT_ID",
        "arn:aws:acm:us-east-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef",
        "aws_lb_listener load-balancer/https: certificate_arn",
      ),
    ),
    same("domain_name", "auth.example.com", "aws_route53_record load-balancer/alias: name"),
  ]),
  ...section("article, Networking Infrastructure and High Availability", "", [
    same("Subnets: public ones, one per zone", 2, "aws_subnet vpc/public-*: #"),
    same("Subnets: private ones, one per zone", 2, "aws_subnet vpc/private-*: #"),
    same("NAT Gateways: one per zone, two in all", 2, "aws_nat_gateway: #"),
    sameAs("VPC Endpoints: to select AWS services", "some", 5, "aws_vpc_endpoint: #"),
    sameAs("Security Groups: granular access", "some", 4, "aws_security_group: #"),
  ]),
];
