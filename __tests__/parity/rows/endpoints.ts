import { changed, dropped, on, same, sameAs, section, type Row } from "../support/row.ts";
import { TAGGED } from "./reasons.ts";

const PRIVATE = ["${aws_subnet.vpc/private-1.id}", "${aws_subnet.vpc/private-2.id}"];
const PRIVATE_ROUTES = ["${aws_route_table.vpc/private-1-routes.id}", "${aws_route_table.vpc/private-2-routes.id}"];

const AUTO_ACCEPT = "AWS's own services accept every endpoint; it is for services of one's own account";
const ALSO_WITH_NAT = "images, logs and secrets then do not cross a NAT gateway either (network.interfaceEndpoints)";

/** The VPC endpoints, which theirs has for internal environments only. */
export const ENDPOINTS: readonly Row[] = [
  ...interfaceEndpoint("cloudwatch_logs", "logs", "logs"),
  ...interfaceEndpoint("ecr_api", "ecr-api", "ecr.api"),
  ...interfaceEndpoint("ecr_dkr", "ecr-dkr", "ecr.dkr"),
  ...interfaceEndpoint("ssm", "ssm", "ssm"),
  ...interfaceEndpoint("ssm_messages", "ssmmessages", "ssmmessages"),
  ...section(
    "modules/keycloak/main.tf, aws_vpc_endpoint.s3",
    "aws_vpc_endpoint endpoints/s3",
    [
      same("count, internal", 1, "aws_vpc_endpoint endpoints/s3: #"),
      on(
        "production",
        changed("count, internet-facing", 0, 1, "costs nothing, and image layers then do not cross a NAT gateway", "#"),
      ),
      dropped("auto_accept", true, AUTO_ACCEPT),
      changed(
        "route_table_ids",
        [],
        PRIVATE_ROUTES,
        "with their default no route table leads to the endpoint; ours is in those of the private subnets",
      ),
      same("service_name", "com.amazonaws.us-east-1.s3"),
      changed("tags", "module.label.tags", { Name: "keycloak-internal-s3" }, TAGGED),
      sameAs("vpc_id", "var.vpc_id", "${aws_vpc.vpc.id}"),
    ],
    "internal",
  ),
];

function interfaceEndpoint(theirs: string, ours: string, service: string): Row[] {
  const address = `aws_vpc_endpoint endpoints/${ours}`;
  return section(
    `modules/keycloak/main.tf, aws_vpc_endpoint.${theirs}`,
    address,
    [
      same("count, internal", 1, "#"),
      // Only ECS Exec needs the fifth one, which theirs does not turn on.
      on(
        "production",
        service === "ssmmessages"
          ? same("count, internet-facing", 0, "#")
          : changed("count, internet-facing", 0, 1, ALSO_WITH_NAT, "#"),
      ),
      dropped("auto_accept", true, AUTO_ACCEPT),
      same("private_dns_enabled", true),
      sameAs(
        "security_group_ids",
        ["aws_security_group.vpc_endpoints.id"],
        ["${aws_security_group.security-groups/endpoints.id}"],
      ),
      same("service_name", `com.amazonaws.us-east-1.${service}`),
      sameAs("subnet_ids", "var.private_subnet_ids", PRIVATE),
      changed("tags", "module.label.tags", { Name: `keycloak-internal-${service}` }, TAGGED),
      same("vpc_endpoint_type", "Interface"),
      sameAs("vpc_id", "var.vpc_id", "${aws_vpc.vpc.id}"),
    ],
    "internal",
  );
}
