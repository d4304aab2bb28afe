import { LoadBalancer, type LoadBalancerProps } from "../../../../constructs/alb/index.ts";
import { listenerRules } from "../../../../constructs/alb/listener-rules.ts";
import { synthConstruct } from "../../../support/template.ts";

/** A certificate that is there already. */
export const CERTIFICATE = "arn:aws:acm:eu-central-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef";

/** An internet-facing load balancer that requests its certificate. */
export const PROPS: LoadBalancerProps = {
  name: "keycloak-test",
  accountId: "111122223333",
  vpcId: "vpc-1",
  subnetIds: ["subnet-1", "subnet-2"],
  securityGroupId: "sg-1",
  internal: false,
  domain: "auth.example.com",
  zoneId: "Z0123456789ABCDEFGHIJ",
  sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
  rules: listenerRules({ realm: "mcp", adminCidrs: ["203.0.113.0/24"] }),
  accessLogRetentionDays: 90,
  deletionProtection: true,
  firewalled: true,
};

/** A load balancer with the id `alb`, alone in a stack. */
export const balancer = (changes: Partial<LoadBalancerProps> = {}) =>
  synthConstruct((scope) => new LoadBalancer(scope, "alb", { ...PROPS, ...changes }));
