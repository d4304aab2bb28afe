import { Wafv2WebAcl, type Wafv2WebAclRule } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Wafv2WebAclLoggingConfiguration } from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration";
import { Construct } from "constructs";
import { logGroup, type LogRetention } from "./log-group.ts";

/** Props of {@link Waf}. */
export interface WafProps {
  readonly name: string;
  readonly loadBalancerArn: string;
  /** Requests of one address in five minutes: registrations of clients. */
  readonly registrationLimit: number;
  /** Requests of one address in five minutes: login pages. */
  readonly loginLimit: number;
  readonly logs: LogRetention;
}

/**
 * Rules of AWSManagedRulesCommonRuleSet that would refuse what MCP clients send by their standards; they only count.
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
const COUNT_ONLY = {
  GenericRFI_QUERYARGUMENTS:
    "redirect_uri=http://127.0.0.1:… (RFC 8252) and resource=https://… (RFC 8707) at authorization",
  GenericRFI_BODY: "the same at the token and the registration endpoint",
  EC2MetaDataSSRF_QUERYARGUMENTS: "URLs of loopback at authorization",
  EC2MetaDataSSRF_BODY: "the same at the token and the registration endpoint",
  SizeRestrictions_QUERYSTRING: "long state and resource parameters",
  SizeRestrictions_BODY: "registrations with many redirect URIs, and brokered logins (SAML)",
  NoUserAgent_HEADER: "HTTP libraries that send none",
} as const;

/** Web application firewall of the load balancer. */
export class Waf extends Construct {
  constructor(scope: Construct, id: string, props: WafProps) {
    super(scope, id);
    const acl = new Wafv2WebAcl(this, "acl", {
      name: props.name,
      scope: "REGIONAL",
      description: "Rate limits for registration and login, and rules of AWS against known attacks", // no apostrophe
      defaultAction: { allow: {} },
      rule: [
        rateLimit("registration-rate", 1, props.registrationLimit, "/clients-registrations/"),
        rateLimit("login-rate", 2, props.loginLimit, "/login-actions/"),
        rateLimit("authorization-rate", 3, props.loginLimit, "/protocol/openid-connect/auth"),
        managed("AWSManagedRulesKnownBadInputsRuleSet", 10),
        managed("AWSManagedRulesCommonRuleSet", 11, Object.keys(COUNT_ONLY)),
      ],
      visibilityConfig: visibility(props.name),
    });
    const association = new Wafv2WebAclAssociation(this, "association", {
      resourceArn: props.loadBalancerArn,
      webAclArn: acl.arn,
    });
    // WAF takes log groups of this prefix only.
    const log = logGroup(this, "log-group", `aws-waf-logs-${props.name}`, props.logs);
    new Wafv2WebAclLoggingConfiguration(this, "logging", {
      resourceArn: acl.arn,
      logDestinationConfigs: [log.arn],
      // Tokens and codes are no business of a log.
      redactedFields: [
        { singleHeader: { name: "authorization" } },
        { singleHeader: { name: "cookie" } },
        { queryString: {} },
      ],
      dependsOn: [association],
    });
  }
}

/** Refuses an address with 429 that asks for paths with this part too often. */
function rateLimit(name: string, priority: number, limit: number, path: string): Wafv2WebAclRule {
  return {
    name,
    priority,
    action: { block: { customResponse: { responseCode: 429 } } },
    // CDKTF has no type for statements, which hold statements: it writes them as they are, in Terraform's own words.
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
            text_transformation: [
              { priority: 0, type: "URL_DECODE" },
              { priority: 1, type: "NORMALIZE_PATH" },
            ],
          },
        },
      },
    },
    visibilityConfig: visibility(name),
  };
}

/** A rule group of AWS; rules that only count are named. */
function managed(name: string, priority: number, countOnly: readonly string[] = []): Wafv2WebAclRule {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managed_rule_group_statement: {
        vendor_name: "AWS",
        name,
        rule_action_override: countOnly.map((rule) => ({ name: rule, action_to_use: { count: {} } })),
      },
    },
    visibilityConfig: visibility(name),
  };
}

function visibility(metricName: string) {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
