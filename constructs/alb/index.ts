import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerRule, type LbListenerRuleConfig } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { PORTS } from "../../keycloak-image/settings.ts";
import { accept } from "../accepted-finding.ts";
import { AccessLogs } from "./access-logs.ts";
import { Certificate } from "./certificate.ts";
import { DEFAULT_ACTION, type ListenerRule } from "./listener-rules.ts";
import { DEREGISTRATION_DELAY, IDLE_TIMEOUT, STICKINESS, TARGET_HEALTH_CHECK } from "./target-group.ts";

/** Props of {@link LoadBalancer}. */
export interface LoadBalancerProps {
  /** Name of load balancer and target group, at most 32 characters. */
  readonly name: string;
  readonly accountId: string;
  readonly vpcId: string;
  /** Two zones at least; public ones where it is internet-facing. */
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  /** Not reachable from the internet. */
  readonly internal: boolean;
  /** Domain that people and clients use. */
  readonly domain: string;
  /** Route 53 zone for the domain's record. @default - the record is made by somebody else */
  readonly zoneId?: string;
  /** Certificate of the domain. @default - one is requested, and proved in the zone */
  readonly certificateArn?: string;
  /** Name of a policy of ELB that allows TLS 1.2 and 1.3. */
  readonly sslPolicy: string;
  /** Which requests go through to Keycloak; all others are answered here. */
  readonly rules: readonly ListenerRule[];
  /** Days. */
  readonly accessLogRetentionDays: number;
  readonly deletionProtection: boolean;
  /** Whether a web application firewall is put in front of it, elsewhere. */
  readonly firewalled: boolean;
}

/** The Application Load Balancer: TLS ends here, and only what MCP clients and people need goes through. */
export class LoadBalancer extends Construct {
  readonly arn: string;
  readonly arnSuffix: string;
  readonly dnsName: string;
  readonly targetGroupArn: string;
  readonly targetGroupArnSuffix: string;
  /** Listener and rules: the target group takes tasks only once one of them forwards to it. */
  readonly ready: ITerraformDependable[];

  /** @throws Error where there is neither a certificate nor a zone to request one with */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: LoadBalancerProps,
  ) {
    super(scope, id);
    const loadBalancer = this.loadBalancer();
    const targetGroup = this.targetGroup();
    this.httpRedirect(loadBalancer);
    const https = this.httpsListener(loadBalancer);
    const rules = props.rules.map((rule) => this.rule(rule, https, targetGroup));
    this.dnsRecord(loadBalancer);

    this.arn = loadBalancer.arn;
    this.arnSuffix = loadBalancer.arnSuffix;
    this.dnsName = loadBalancer.dnsName;
    this.targetGroupArn = targetGroup.arn;
    this.targetGroupArnSuffix = targetGroup.arnSuffix;
    this.ready = [https, ...rules];
  }

  private loadBalancer(): Lb {
    const { props } = this;
    const logs = new AccessLogs(this, "access-logs", {
      name: props.name,
      accountId: props.accountId,
      retentionDays: props.accessLogRetentionDays,
      deletionProtection: props.deletionProtection,
    });
    const loadBalancer = new Lb(this, "load-balancer", {
      name: props.name,
      loadBalancerType: "application",
      internal: props.internal,
      subnets: [...props.subnetIds],
      securityGroups: [props.securityGroupId],
      enableDeletionProtection: props.deletionProtection,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "strictest",
      enableHttp2: true,
      idleTimeout: IDLE_TIMEOUT,
      accessLogs: { bucket: logs.bucket, enabled: true },
      dependsOn: logs.ready,
      // AWS keeps a protected one, and lets its listeners go, which Terraform replaces first: the plan must fail.
      lifecycle: { preventDestroy: props.deletionProtection },
    });
    if (!props.deletionProtection)
      accept(loadBalancer, "CKV_AWS_150", "an environment that may go: deletionProtection is off by its own setting");
    if (!props.internal)
      if (props.firewalled)
        accept(
          loadBalancer,
          "CKV2_AWS_76",
          "has the rules against Log4j, but not AWS's list of hosting providers: MCP clients run there",
        );
      else accept(loadBalancer, "CKV2_AWS_28", "no firewall by the environment's own setting waf.enabled");
    return loadBalancer;
  }

  private targetGroup(): LbTargetGroup {
    const { status, ...healthCheck } = TARGET_HEALTH_CHECK;
    const group = new LbTargetGroup(this, "target-group", {
      name: this.props.name,
      vpcId: this.props.vpcId,
      targetType: "ip",
      port: PORTS.http,
      protocol: "HTTP",
      deregistrationDelay: String(DEREGISTRATION_DELAY),
      loadBalancingAlgorithmType: "least_outstanding_requests",
      stickiness: { type: "lb_cookie", enabled: true, cookieDuration: STICKINESS },
      healthCheck: { ...healthCheck, matcher: String(status) },
    });
    accept(group, "CKV_AWS_378", "TLS ends at the load balancer; behind it only its security group reaches the tasks");
    return group;
  }

  private httpRedirect(loadBalancer: Lb): void {
    new LbListener(this, "http", {
      loadBalancerArn: loadBalancer.arn,
      port: 80,
      protocol: "HTTP",
      defaultAction: [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } }],
    });
  }

  private httpsListener(loadBalancer: Lb): LbListener {
    return new LbListener(this, "https", {
      loadBalancerArn: loadBalancer.arn,
      port: 443,
      protocol: "HTTPS",
      sslPolicy: this.props.sslPolicy,
      certificateArn: this.certificateArn(),
      routingHttpResponseServerEnabled: false,
      defaultAction: [fixedResponse(DEFAULT_ACTION)],
    });
  }

  private certificateArn(): string {
    const { certificateArn, zoneId, domain } = this.props;
    if (certificateArn) return certificateArn;
    if (!zoneId) throw new Error(`${this.node.id}: needs certificateArn, or zoneId to request a certificate with`);
    return new Certificate(this, "certificate", { domain, zoneId }).arn;
  }

  private rule(rule: ListenerRule, listener: LbListener, targetGroup: LbTargetGroup): LbListenerRule {
    const condition: NonNullable<LbListenerRuleConfig["condition"]> = [
      ...(rule.paths ? [{ pathPattern: { values: [...rule.paths] } }] : []),
      ...(rule.pathRegexes ? [{ pathPattern: { regexValues: [...rule.pathRegexes] } }] : []),
      ...(rule.sourceCidrs ? [{ sourceIp: { values: [...rule.sourceCidrs] } }] : []),
    ];
    return new LbListenerRule(this, `rule-${rule.name}`, {
      listenerArn: listener.arn,
      priority: rule.priority,
      condition,
      transform: rule.rewritePath && [{ type: "url-rewrite", urlRewriteConfig: { rewrite: { ...rule.rewritePath } } }],
      action: [
        rule.action === "forward" ? { type: "forward", targetGroupArn: targetGroup.arn } : fixedResponse(rule.action),
      ],
      tags: { Name: rule.name },
    });
  }

  private dnsRecord(loadBalancer: Lb): void {
    if (!this.props.zoneId) return;
    new Route53Record(this, "alias", {
      zoneId: this.props.zoneId,
      name: this.props.domain,
      type: "A",
      alias: { name: loadBalancer.dnsName, zoneId: loadBalancer.zoneId, evaluateTargetHealth: false },
    });
  }
}

function fixedResponse({ status, body }: { readonly status: number; readonly body: string }) {
  return {
    type: "fixed-response",
    fixedResponse: { contentType: "text/plain", statusCode: String(status), messageBody: body },
  };
}
