import { byDefault, changed, dropped, on, same, sameAs, section, type Row } from "../support/row.ts";
import { ARTICLE_VALUE, ONE_NAME, OWN_RESOURCES, TAGGED } from "./reasons.ts";

const FILE = "modules/keycloak/main.tf";
const IN = "aws_vpc_security_group_ingress_rule security-groups";
const PUBLIC = ["${aws_subnet.vpc/public-1.id}", "${aws_subnet.vpc/public-2.id}"];
const PRIVATE = ["${aws_subnet.vpc/private-1.id}", "${aws_subnet.vpc/private-2.id}"];
const CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef";
const STICKY = "keeps a login on the node that has it in its cache, as the article wants; without it logins are slower";

/** The Application Load Balancer, its target group, its listeners and its name. */
export const LOAD_BALANCER: readonly Row[] = [
  ...section(
    `${FILE}, module.alb`,
    "aws_lb",
    [
      dropped("source", "cloudposse/terraform-aws-alb 1.11.1", OWN_RESOURCES, "module *"),
      same("access_logs_enabled", true, "access_logs.enabled"),
      same("alb_access_logs_s3_bucket_force_destroy", true, "aws_s3_bucket: force_destroy"),
      changed("attributes", ["alb"], "keycloak-repository", ONE_NAME, "name"),
      on(
        "existing VPC",
        sameAs(
          "certificate_arn",
          "var.alb_certificate_arn",
          CERTIFICATE,
          "aws_lb_listener load-balancer/https: certificate_arn",
        ),
      ),
      same("deletion_protection_enabled", false, "enable_deletion_protection"),
      changed("health_check_interval", 60, 30, ARTICLE_VALUE, "aws_lb_target_group: health_check.interval"),
      same("health_check_path", "/auth/realms/master", "aws_lb_target_group: health_check.path"),
      changed("health_check_timeout", 10, 5, ARTICLE_VALUE, "aws_lb_target_group: health_check.timeout"),
      same("http_ingress_cidr_blocks", ["0.0.0.0/0"], `${IN}/clients-*-http: cidr_ipv4`),
      sameAs("http_redirect", true, "redirect", "aws_lb_listener load-balancer/http: default_action.type"),
      sameAs("https_enabled", true, "HTTPS", "aws_lb_listener load-balancer/https: protocol"),
      same("https_ingress_cidr_blocks", ["0.0.0.0/0"], `${IN}/clients-*-https: cidr_ipv4`),
      same("internal", false),
      sameAs("lifecycle_rule_enabled", true, "Enabled", "aws_s3_bucket_lifecycle_configuration: rule.status"),
      changed("name", "module.label.id", "keycloak-repository", ONE_NAME),
      sameAs("subnet_ids", "var.public_subnet_ids", PUBLIC, "subnets"),
      on("internal", sameAs("subnet_ids, internal", "var.private_subnet_ids", PRIVATE, "subnets")),
      dropped("tags", "module.label.tags", TAGGED),
      changed(
        "target_group_name",
        "the first 31 characters of module.label.id",
        "keycloak-repository",
        "an environment's name is short enough: nothing is cut off, so no two can become the same",
        "aws_lb_target_group: name",
      ),
      same("target_group_port", 8080, "aws_lb_target_group: port"),
      same("target_group_target_type", "ip", "aws_lb_target_group: target_type"),
      sameAs("vpc_id", "var.vpc_id", "${aws_vpc.vpc.id}", "aws_lb_target_group: vpc_id"),
      changed("stickiness.enabled", false, true, STICKY, "aws_lb_target_group: stickiness.enabled"),
      changed("stickiness.cookie_duration", null, 3600, STICKY, "aws_lb_target_group: stickiness.cookie_duration"),
    ],
    "repository",
  ),
  ...section(`${FILE}, aws_route53_record.alb`, "aws_route53_record load-balancer/alias", [
    sameAs("zone_id", "var.dns_zone_id", "Z0123456789ABCDEFGHIJ"),
    sameAs("name", "var.dns_name", "auth.example.com"),
    same("type", "A"),
    sameAs("alias.name", "module.alb.alb_dns_name", "${aws_lb.load-balancer.dns_name}"),
    sameAs("alias.zone_id", "module.alb.alb_zone_id", "${aws_lb.load-balancer.zone_id}"),
    same("alias.evaluate_target_health", false),
  ]),
  ...section("article, Issue 4: aws_lb_target_group.keycloak", "aws_lb_target_group", [
    byDefault("health_check.enabled", true),
    same("health_check.path", "/auth/realms/master"),
    byDefault("health_check.port", "traffic-port"),
    byDefault("health_check.protocol", "HTTP"),
    same("health_check.timeout", 5),
    same("health_check.interval", 30),
    same("health_check.healthy_threshold", 2),
    same("health_check.unhealthy_threshold", 3),
    same("health_check.matcher", "200"),
  ]),
  ...section("article, Load Balancing and Security Best Practices", "aws_lb", [
    sameAs("HTTPS/TLS: certificate of ACM", "ACM", "DNS", "aws_acm_certificate: validation_method"),
    sameAs(
      "ALB: TLS 1.2 or newer",
      "TLS 1.2+",
      "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
      "aws_lb_listener load-balancer/https: ssl_policy",
    ),
    sameAs("Session Affinity: sticky sessions", "sticky", true, "aws_lb_target_group: stickiness.enabled"),
    sameAs("ALB: in public subnets", "public", PUBLIC, "subnets"),
    sameAs("ALB: internet-facing", "internet-facing", false, "internal"),
    byDefault("ALB: cross-zone load balancing", true, "enable_cross_zone_load_balancing"),
  ]),
  ...section("article, URLs that the load balancer answers", "", [
    changed(
      "Admin URL https://auth.example.com/auth/admin, reachable from",
      "anywhere",
      ["203.0.113.0/24"],
      "only from adminCidrs: a console for the whole server is nobody else's business (decision 6)",
      "aws_lb_listener_rule load-balancer/rule-admin-1: condition.source_ip.values",
    ),
    changed(
      "Health https://auth.example.com/auth/health",
      "UP",
      "404",
      "Keycloak has it on port 9000, and strangers have no use for it",
      "aws_lb_listener_rule load-balancer/rule-management: action.fixed_response.status_code",
    ),
    changed(
      "Metrics https://auth.example.com/auth/metrics",
      "metrics",
      ["/auth/health*", "/auth/metrics*"],
      "Keycloak has them on port 9000, and they tell strangers how busy the server is",
      "aws_lb_listener_rule load-balancer/rule-management: condition.path_pattern.values",
    ),
  ]),
];
