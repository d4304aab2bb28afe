import { describe, expect, test } from "@jest/globals";
import { Waf } from "../../constructs/waf.ts";
import { synthConstruct } from "../support/template.ts";

const KEY = "arn:aws:kms:eu-central-1:111122223333:key/1";

const template = synthConstruct(
  (scope) =>
    new Waf(scope, "waf", {
      name: "keycloak-test",
      loadBalancerArn: "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/keycloak-test/1",
      registrationLimit: 100,
      loginLimit: 600,
      logs: { retentionDays: 30, kmsKeyArn: KEY },
    }),
);

/** A rule of the ACL, in Terraform's words. */
interface Rule {
  readonly name: string;
  readonly priority: number;
  readonly action?: unknown;
  readonly override_action?: unknown;
  readonly statement: {
    readonly rate_based_statement?: {
      readonly limit: number;
      readonly scope_down_statement: { readonly byte_match_statement: { readonly search_string: string } };
    };
    readonly managed_rule_group_statement?: {
      readonly name: string;
      readonly rule_action_override: readonly { readonly name: string; readonly action_to_use: unknown }[];
    };
  };
}

const acl = template.resource("aws_wafv2_web_acl");
const rules = acl.rule as readonly Rule[];
const ruleOf = (name: string) => rules.find((rule) => rule.name === name)!;

describe("the firewall", () => {
  test("is the load balancer's, and lets through what no rule refuses", () => {
    expect(acl).toMatchObject({
      name: "keycloak-test",
      scope: "REGIONAL",
      default_action: { allow: {} },
      visibility_config: { metric_name: "keycloak-test", cloudwatch_metrics_enabled: true },
    });
    expect(template.byId("aws_wafv2_web_acl_association")).toMatchObject({
      waf_association: {
        resource_arn: expect.stringContaining("loadbalancer/app/keycloak-test"),
        web_acl_arn: "${aws_wafv2_web_acl.waf_acl.arn}",
      },
    });
  });

  // https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html; Terraform does not check it, and an
  // apostrophe stopped the whole deployment.
  test("has a description of such characters as WAF takes", () => {
    expect(acl.description).toMatch(/^[\w+=:#@/,.-][\w+=:#@/,.\s-]+[\w+=:#@/,.-]$/);
  });

  test("asks its rules in one order, and counts each by its own name", () => {
    const priorities = rules.map(({ priority }) => priority);
    expect(priorities).toEqual([...new Set(priorities)].sort((one, other) => one - other));
    for (const rule of rules) {
      expect(rule.priority).toBeGreaterThan(0);
      expect(rule).toMatchObject({
        name: expect.stringMatching(/^[\w-]{1,128}$/),
        visibility_config: { metric_name: rule.name, cloudwatch_metrics_enabled: true, sampled_requests_enabled: true },
      });
    }
  });
});

describe("too many requests of one address within five minutes are answered with 429:", () => {
  test.each([
    ["registrations of clients", "registration-rate", 100, "/clients-registrations/"],
    ["pages of the login", "login-rate", 600, "/login-actions/"],
    ["beginnings of a login", "authorization-rate", 600, "/protocol/openid-connect/auth"],
  ])("%s", (_, name, limit, path) => {
    expect(ruleOf(name)).toMatchObject({
      action: { block: { custom_response: { response_code: 429 } } },
      statement: {
        rate_based_statement: {
          limit,
          evaluation_window_sec: 300,
          aggregate_key_type: "IP",
          scope_down_statement: {
            byte_match_statement: {
              field_to_match: { uri_path: {} },
              positional_constraint: "CONTAINS",
              search_string: path,
              // Keycloak decodes a path too: without this, another spelling of it would not be counted.
              text_transformation: [
                { priority: 0, type: "URL_DECODE" },
                { priority: 1, type: "NORMALIZE_PATH" },
              ],
            },
          },
        },
      },
    });
  });
});

describe("AWS's rules against known attacks", () => {
  test("refuse what they recognise", () => {
    for (const name of ["AWSManagedRulesKnownBadInputsRuleSet", "AWSManagedRulesCommonRuleSet"])
      expect(ruleOf(name)).toMatchObject({
        override_action: { none: {} },
        statement: { managed_rule_group_statement: { vendor_name: "AWS", name } },
      });
  });

  // Each of these would refuse a login of an MCP client: redirect_uri=http://127.0.0.1:… (RFC 8252) looks like a forged
  // request, resource=https://… (RFC 8707) like the inclusion of a file, state like an overlong query.
  test("only count where they would refuse what the standards have MCP clients send", () => {
    const group = ruleOf("AWSManagedRulesCommonRuleSet").statement.managed_rule_group_statement!;
    expect(group.rule_action_override).toEqual(
      [
        "GenericRFI_QUERYARGUMENTS",
        "GenericRFI_BODY",
        "EC2MetaDataSSRF_QUERYARGUMENTS",
        "EC2MetaDataSSRF_BODY",
        "SizeRestrictions_QUERYSTRING",
        "SizeRestrictions_BODY",
        "NoUserAgent_HEADER",
      ].map((name) => ({ name, action_to_use: { count: {} } })),
    );
    const others = ruleOf("AWSManagedRulesKnownBadInputsRuleSet").statement.managed_rule_group_statement!;
    expect(others.rule_action_override).toEqual([]);
  });
});

describe("[secrets.nowhere] the firewall's log", () => {
  test("goes to a group of the one prefix that WAF takes, encrypted", () => {
    expect(template.resource("aws_cloudwatch_log_group")).toMatchObject({
      name: "aws-waf-logs-keycloak-test",
      retention_in_days: 30,
      kms_key_id: KEY,
    });
    expect(template.byId("aws_wafv2_web_acl_logging_configuration")).toMatchObject({
      waf_logging: {
        resource_arn: "${aws_wafv2_web_acl.waf_acl.arn}",
        log_destination_configs: ["${aws_cloudwatch_log_group.waf_log-group.arn}"],
      },
    });
  });

  test("holds no token, no cookie of a session, and no code or state of a query", () => {
    expect(template.resource("aws_wafv2_web_acl_logging_configuration").redacted_fields).toEqual([
      { single_header: { name: "authorization" } },
      { single_header: { name: "cookie" } },
      { query_string: {} },
    ]);
  });
});
