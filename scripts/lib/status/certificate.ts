import { ACMClient, DescribeCertificateCommand, type CertificateDetail } from "@aws-sdk/client-acm";
import { DescribeListenersCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { namePrefix } from "../../../constructs/names.ts";
import { askAws, clientOptions } from "../aws/ask.ts";
import { describeLoadBalancer } from "../aws/load-balancer.ts";
import type { RowStatus } from "../terminal/row-status.ts";
import { day, daysUntil } from "../terminal/time.ts";
import type { StatusContext } from "./context.ts";
import { NotThere, type Finding } from "./row.ts";

/** Days left below which ACM should have renewed it, and below which somebody must act now. */
const SOON = 30;
const NOW = 7;

/** How long the certificate of the HTTPS listener lasts, and whether ACM renews it. */
export async function lookAtCertificate(context: StatusContext): Promise<Finding[]> {
  const { environment, signal } = context;
  const arn = await certificateArn(context);
  const acm = new ACMClient(clientOptions(environment.aws.region));
  const { Certificate: certificate } = await askAws("acm:DescribeCertificate", signal, () =>
    acm.send(new DescribeCertificateCommand({ CertificateArn: arn }), { abortSignal: signal }),
  );
  return [certificateRow(certificate ?? {})];
}

async function certificateArn({ environment, signal }: StatusContext): Promise<string> {
  const { name, aws } = environment;
  const client = new ElasticLoadBalancingV2Client(clientOptions(aws.region));
  const prefix = namePrefix(name);
  const loadBalancer = await describeLoadBalancer(environment, signal, client);
  if (!loadBalancer)
    throw new NotThere(`there is no load balancer "${prefix}" in ${aws.region}: npm run deploy -- ${name}`);
  const { LoadBalancerArn } = loadBalancer;
  const { Listeners = [] } = await askAws("elasticloadbalancing:DescribeListeners", signal, () =>
    client.send(new DescribeListenersCommand({ LoadBalancerArn }), { abortSignal: signal }),
  );
  const arn = Listeners.find(({ Protocol }) => Protocol === "HTTPS")?.Certificates?.[0]?.CertificateArn;
  if (!arn) throw new NotThere(`the load balancer "${prefix}" has no HTTPS listener: npm run deploy -- ${name}`);
  return arn;
}

/** https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html */
function certificateRow(certificate: CertificateDetail): Finding {
  const { DomainName = "", Status = "unknown", NotAfter, Type, RenewalEligibility, RenewalSummary } = certificate;
  const renewal = RenewalSummary?.RenewalStatus;
  const days = NotAfter ? daysUntil(NotAfter) : undefined;
  const imported = Type === "IMPORTED";
  const renewed = imported
    ? "imported, so ACM does not renew it"
    : renewal === "FAILED"
      ? `ACM has failed to renew it: ${RenewalSummary?.RenewalStatusReason ?? "it gives no reason"}`
      : renewal === "PENDING_VALIDATION"
        ? "ACM cannot prove the domain to renew it: its DNS record is missing"
        : RenewalEligibility === "ELIGIBLE"
          ? "ACM renews it"
          : "ACM does not renew it";
  const isRenewed = renewed === "ACM renews it";
  const status: RowStatus =
    Status !== "ISSUED" || days === undefined || days < NOW || renewal === "FAILED" || (!isRenewed && days < SOON)
      ? "fail"
      : days < SOON || (!isRenewed && !imported)
        ? "warn"
        : "ok";
  const left =
    Status !== "ISSUED" || days === undefined
      ? Status.toLowerCase().replaceAll("_", " ")
      : `${days} days left, until ${day(NotAfter!)}`;
  return {
    name: DomainName,
    status,
    detail: Status === "ISSUED" ? `${left}; ${renewed}` : left,
    facts: { status: Status, daysLeft: days, notAfter: NotAfter?.toISOString(), type: Type, renewal },
  };
}
