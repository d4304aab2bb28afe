import { describe, expect, test } from "@jest/globals";
import { balancer, CERTIFICATE, PROPS } from "./support/load-balancer.ts";

const template = balancer();
const listeners = template.byId("aws_lb_listener");
const rules = template.byId("aws_lb_listener_rule");

describe("port 80", () => {
  test("does nothing but send to HTTPS, for good", () => {
    expect(listeners.alb_http).toEqual({
      load_balancer_arn: "${aws_lb.alb_load-balancer.arn}",
      port: 80,
      protocol: "HTTP",
      default_action: [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS", status_code: "HTTP_301" } }],
    });
  });
});

describe("port 443", () => {
  test("speaks TLS by the environment's policy, and answers 404 to what no rule lets through", () => {
    expect(listeners.alb_https).toMatchObject({
      load_balancer_arn: "${aws_lb.alb_load-balancer.arn}",
      port: 443,
      protocol: "HTTPS",
      ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
      routing_http_response_server_enabled: false, // nobody's business what answers
      default_action: [
        {
          type: "fixed-response",
          fixed_response: { content_type: "text/plain", status_code: "404", message_body: "Not found" },
        },
      ],
    });
  });

  test("has the certificate that is given", () => {
    const given = balancer({ certificateArn: CERTIFICATE });
    expect(given.byId("aws_lb_listener").alb_https!.certificate_arn).toBe(CERTIFICATE);
    expect(given.resources("aws_acm_certificate")).toEqual([]);
  });

  test("has else one that is requested for the domain, and waits until it is issued", () => {
    expect(listeners.alb_https!.certificate_arn).toBe(
      "${aws_acm_certificate_validation.alb_certificate_issued.certificate_arn}",
    );
    expect(template.resource("aws_acm_certificate").domain_name).toBe("auth.example.com");
  });

  test("cannot be without a certificate", () => {
    expect(() => balancer({ zoneId: undefined })).toThrow(
      "alb: needs certificateArn, or zoneId to request a certificate with",
    );
  });
});

describe("the rules", () => {
  test("are those that are given, with their names and priorities", () => {
    expect(Object.fromEntries(Object.entries(rules).map(([id, { priority }]) => [id, priority]))).toEqual(
      Object.fromEntries(PROPS.rules.map(({ name, priority }) => [`alb_rule-${name}`, priority])),
    );
    for (const rule of Object.values(rules)) expect(rule.listener_arn).toBe("${aws_lb_listener.alb_https.arn}");
  });

  test("forward by expressions of the path, or answer by patterns", () => {
    expect(rules["alb_rule-public"]).toMatchObject({
      condition: [{ path_pattern: { regex_values: [expect.stringContaining("/auth/(realms|resources)")] } }],
      action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.alb_target-group.arn}" }],
    });
    expect(rules["alb_rule-management"]).toMatchObject({
      condition: [{ path_pattern: { values: ["/auth/health*", "/auth/metrics*"] } }],
      action: [{ type: "fixed-response", fixed_response: { status_code: "404" } }],
    });
  });

  test("know administrators by their address, as a second condition that must hold too", () => {
    const { condition } = rules["alb_rule-admin-1"]!;
    expect(condition).toEqual([
      { path_pattern: { values: ["/auth/admin*", "/auth/realms/master", "/auth/realms/master/*"] } },
      { source_ip: { values: ["203.0.113.0/24"] } },
    ]);
    expect(rules["alb_rule-admin-refused"]).toMatchObject({
      action: [{ type: "fixed-response", fixed_response: { status_code: "403" } }],
    });
  });

  test("rewrite the metadata's URL of RFC 8414 to the one that Keycloak serves, and no other URL", () => {
    const { rewritePath } = PROPS.rules.find(({ name }) => name === "metadata")!;
    expect(rules["alb_rule-metadata"]!.transform).toEqual([
      { type: "url-rewrite", url_rewrite_config: { rewrite: rewritePath } },
    ]);
    const rewriting = Object.keys(rules).filter((id) => rules[id]!.transform !== undefined);
    expect(rewriting).toEqual(["alb_rule-metadata"]);
  });
});
