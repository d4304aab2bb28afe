import { describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { LoadBalancer, type LoadBalancerProps } from "../../../constructs/alb/index.ts";
import { synthConstruct } from "../../support/template.ts";
import { balancer, CERTIFICATE, PROPS } from "./support/load-balancer.ts";

const template = balancer();

describe("the load balancer", () => {
  test.each([true, false])("internal: %s", (internal) => {
    expect(balancer({ internal }).resource("aws_lb")).toMatchObject({
      internal,
      load_balancer_type: "application",
      subnets: ["subnet-1", "subnet-2"],
      security_groups: ["sg-1"],
    });
  });

  test("is strict with requests that two servers could read in two ways (request smuggling)", () => {
    expect(template.resource("aws_lb")).toMatchObject({
      desync_mitigation_mode: "strictest",
      drop_invalid_header_fields: true,
    });
  });

  test.each([true, false])("is protected against deletion where the environment says so: %s", (deletionProtection) => {
    expect(balancer({ deletionProtection }).resource("aws_lb")).toMatchObject({
      enable_deletion_protection: deletionProtection,
      lifecycle: { prevent_destroy: deletionProtection },
    });
  });

  test("is called as it is told, and so is its target group", () => {
    for (const type of ["aws_lb", "aws_lb_target_group"]) expect(template.resource(type).name).toBe("keycloak-test");
  });

  test("speaks HTTP/2, and closes a connection that nobody uses", () => {
    expect(template.resource("aws_lb")).toMatchObject({ enable_http2: true, idle_timeout: 60 });
  });

  test.each([true, false])("has a bucket for its log that goes with it, or stays: %s", (deletionProtection) => {
    const its = balancer({ deletionProtection, accessLogRetentionDays: 7 });
    expect(its.resource("aws_s3_bucket")).toEqual({
      bucket: "keycloak-test-logs-111122223333",
      force_destroy: !deletionProtection,
    });
    expect(its.resource("aws_s3_bucket_lifecycle_configuration").rule).toMatchObject([{ expiration: [{ days: 7 }] }]);
  });

  test("writes its access log, once the bucket lets it: else AWS refuses to make it", () => {
    expect(template.byId("aws_lb")["alb_load-balancer"]).toMatchObject({
      access_logs: { bucket: "${aws_s3_bucket.alb_access-logs_bucket.id}", enabled: true },
      depends_on: ["aws_s3_bucket_policy.alb_access-logs_policy"],
    });
  });

  test("has no accepted finding that its settings do not explain", () => {
    const findings = (changes: Partial<LoadBalancerProps>) =>
      Object.keys(balancer(changes).acceptedFindings()["alb_load-balancer"] ?? {});
    expect(findings({})).toEqual(["CKV2_AWS_76"]);
    expect(findings({ firewalled: false })).toEqual(["CKV2_AWS_28"]);
    expect(findings({ internal: true, firewalled: false })).toEqual([]);
    expect(findings({ internal: true, deletionProtection: false })).toEqual(["CKV_AWS_150"]);
  });
});

describe("the target group", () => {
  const group = template.resource("aws_lb_target_group");

  test("takes tasks by their addresses, at Keycloak's port", () => {
    expect(group).toMatchObject({ target_type: "ip", port: 8080, protocol: "HTTP", vpc_id: "vpc-1" });
  });

  // 26.7 listens long before it can serve, and answers 503 until then; health itself is on a port that is closed here.
  test("asks whether the node can serve, and takes it out after 90 seconds, not at the first hiccup", () => {
    expect(group.health_check).toEqual({
      path: "/auth/realms/master",
      matcher: "200",
      interval: 30,
      timeout: 5,
      healthy_threshold: 2,
      unhealthy_threshold: 3,
    });
  });

  test("lets a leaving task finish what it has begun", () => {
    expect(group.deregistration_delay).toBe("30");
  });

  test("keeps a login on the node that has it in its cache, and gives new ones to the least busy", () => {
    expect(group).toMatchObject({
      stickiness: { type: "lb_cookie", enabled: true, cookie_duration: 3600 },
      load_balancing_algorithm_type: "least_outstanding_requests",
    });
  });
});

describe("the domain's record", () => {
  test("is an alias of the load balancer", () => {
    expect(template.byId("aws_route53_record").alb_alias).toEqual({
      zone_id: "Z0123456789ABCDEFGHIJ",
      name: "auth.example.com",
      type: "A",
      alias: {
        name: "${aws_lb.alb_load-balancer.dns_name}",
        zone_id: "${aws_lb.alb_load-balancer.zone_id}",
        evaluate_target_health: false,
      },
    });
  });

  test("is left to others where there is no zone", () => {
    expect(balancer({ certificateArn: CERTIFICATE, zoneId: undefined }).resources("aws_route53_record")).toEqual([]);
  });
});

test("a service waits for listener and rules: AWS refuses tasks to a target group that no listener forwards to", () => {
  const { ready } = synthConstruct((scope) => {
    const { ready } = new LoadBalancer(scope, "alb", PROPS);
    new TerraformOutput(scope, "ready", { value: ready.map(({ fqn }) => fqn) });
  }).outputs();
  expect(ready).toEqual([
    "${aws_lb_listener.alb_https}",
    ...PROPS.rules.map(({ name }) => `\${aws_lb_listener_rule.alb_rule-${name}}`),
  ]);
});
