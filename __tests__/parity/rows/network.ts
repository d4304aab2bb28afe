import { changed, same, sameAs, section, Text, type Row } from "../support/row.ts";
import { TAGGED } from "./reasons.ts";

const FILE = "modules/network/main.tf";

const TAGS = { Description: "Keycloak IdP", Service: "keycloak", "Managed-by": "terraform" };

const named = (...names: string[]) => names.map((name) => ({ Name: `keycloak-repository${name}` }));

const VPC = "${aws_vpc.vpc.id}";
const GATEWAY = "aws_internet_gateway.vpc/internet-gateway";
const ZONE = new Text("sort(data.aws_availability_zones.vpc/available.names)");
const PUBLIC = ["${aws_subnet.vpc/public-1.id}", "${aws_subnet.vpc/public-2.id}"];
const PRIVATE = ["${aws_subnet.vpc/private-1.id}", "${aws_subnet.vpc/private-2.id}"];
const PRIVATE_ROUTES = ["${aws_route_table.vpc/private-1-routes.id}", "${aws_route_table.vpc/private-2-routes.id}"];
const PUBLIC_ROUTES = ["${aws_route_table.vpc/public-routes.id}", "${aws_route_table.vpc/public-routes.id}"];

/** The module of the VPC. Where they count to two, ours has two blocks. */
export const NETWORK: readonly Row[] = [
  ...section(
    `${FILE}, data.aws_availability_zones.available`,
    "data.aws_availability_zones",
    [same("state", "available")],
    "repository",
  ),
  ...section(
    `${FILE}, aws_vpc.main`,
    "aws_vpc",
    [same("cidr_block", "10.20.30.0/24"), changed("tags", TAGS, named("")[0], TAGGED)],
    "repository",
  ),
  ...section(
    `${FILE}, aws_internet_gateway.main`,
    "aws_internet_gateway",
    [sameAs("vpc_id", "aws_vpc.main.id", VPC), changed("tags", TAGS, named("")[0], TAGGED)],
    "repository",
  ),
  ...section(
    `${FILE}, aws_nat_gateway.main`,
    "aws_nat_gateway vpc/nat-gateway-*",
    [
      same("count", 2, "#"),
      sameAs("subnet_id", "aws_subnet.public[index].id", PUBLIC),
      sameAs("allocation_id", "aws_eip.nat[index].id", [
        "${aws_eip.vpc/nat-address-1.id}",
        "${aws_eip.vpc/nat-address-2.id}",
      ]),
      sameAs("depends_on", ["aws_internet_gateway.main"], [[GATEWAY], [GATEWAY]]),
      changed("tags", TAGS, named("-1", "-2"), TAGGED),
    ],
    "repository",
  ),
  ...section(
    `${FILE}, aws_eip.nat`,
    "aws_eip vpc/nat-address-*",
    [
      same("count", 2, "#"),
      sameAs("domain", "vpc", ["vpc", "vpc"]),
      sameAs("depends_on", ["aws_internet_gateway.main"], [[GATEWAY], [GATEWAY]]),
      changed("tags", TAGS, named("-1", "-2"), TAGGED),
    ],
    "repository",
  ),
  ...section(
    `${FILE}, aws_route_table.public`,
    "aws_route_table vpc/public-routes",
    [
      sameAs("vpc_id", "aws_vpc.main.id", VPC),
      changed("tags", TAGS, named("-public")[0], TAGGED),
      same("route.cidr_block", "0.0.0.0/0", "aws_route vpc/public-to-internet: destination_cidr_block"),
      sameAs(
        "route.gateway_id",
        "aws_internet_gateway.main.id",
        `\${${GATEWAY}.id}`,
        "aws_route vpc/public-to-internet: gateway_id",
      ),
    ],
    "repository",
  ),
  ...section(
    `${FILE}, aws_route_table.private`,
    "aws_route_table vpc/private-*",
    [
      same("count", 2, "#"),
      sameAs("vpc_id", "aws_vpc.main.id", [VPC, VPC]),
      changed("tags", TAGS, named("-private-1", "-private-2"), TAGGED),
      sameAs(
        "route.cidr_block",
        "0.0.0.0/0",
        ["0.0.0.0/0", "0.0.0.0/0"],
        "aws_route vpc/private-*: destination_cidr_block",
      ),
      sameAs(
        "route.nat_gateway_id",
        "aws_nat_gateway.main[index].id",
        ["${aws_nat_gateway.vpc/nat-gateway-1.id}", "${aws_nat_gateway.vpc/nat-gateway-2.id}"],
        "aws_route vpc/private-*: nat_gateway_id",
      ),
    ],
    "repository",
  ),
  ...section(
    `${FILE}, aws_route_table_association.public`,
    "aws_route_table_association vpc/public-*",
    [
      same("count", 2, "#"),
      sameAs("subnet_id", "aws_subnet.public[index].id", PUBLIC),
      sameAs("route_table_id", "aws_route_table.public.id", PUBLIC_ROUTES),
    ],
    "repository",
  ),
  ...section(
    `${FILE}, aws_route_table_association.private`,
    "aws_route_table_association vpc/private-*",
    [
      same("count", 2, "#"),
      sameAs("subnet_id", "aws_subnet.private[index].id", PRIVATE),
      sameAs("route_table_id", "aws_route_table.private[index].id", PRIVATE_ROUTES),
    ],
    "repository",
  ),
  ...subnets("public", ["10.20.30.0/26", "10.20.30.64/26"]),
  ...subnets("private", ["10.20.30.128/26", "10.20.30.192/26"]),
];

function subnets(kind: "public" | "private", cidrs: readonly string[]): Row[] {
  return section(
    `${FILE}, aws_subnet.${kind}`,
    `aws_subnet vpc/${kind}-*`,
    [
      same("count", 2, "#"),
      sameAs("vpc_id", "aws_vpc.main.id", [VPC, VPC]),
      same("cidr_block", cidrs),
      changed(
        "availability_zone",
        "data.aws_availability_zones.available.names[index]",
        [ZONE, ZONE],
        "in alphabetical order, so that the order of AWS's answer moves no subnet",
      ),
      changed("tags", TAGS, named(`-${kind}-1`, `-${kind}-2`), TAGGED),
    ],
    "repository",
  );
}
