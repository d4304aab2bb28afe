import { ACMClient, DescribeCertificateCommand, type CertificateDetail } from "@aws-sdk/client-acm";
import { askAws, clientOptions, undefinedOn } from "../../aws/ask.ts";
import { day, daysUntil } from "../../terminal/time.ts";
import type { Check, CheckContext } from "../check.ts";
import { bare, covers } from "../domain.ts";
import { fail, ok, warn, type Finding } from "../row.ts";

/** Days before its end from which a certificate is worth a word. */
const SOON = 30;

/** The certificate of the load balancer: of ACM, issued, for the domain, and not about to end. */
export const certificateCheck: Check = {
  id: "names.certificate",
  group: "Names and certificates",
  what: "Certificate",
  needsAws: true,
  run: async (context) => {
    const { name, aws, keycloak } = context.environment;
    const host = new URL(keycloak.url).hostname;
    const arn = aws.loadBalancer.certificateArn;
    if (!arn) return ok(`the deployment requests one for ${host}, and proves it in the zone`);
    const certificate = await describe(context, arn);
    if (!certificate)
      return fail(
        `there is no ${arn} in this account`,
        `Change aws.loadBalancer.certificateArn in environments/${name}.ts.`,
      );
    return certificateFinding(certificate, host);
  },
};

/**
 * What a certificate is good for.
 * @param host that it must be for
 * @param now milliseconds since 1970. @default the time
 */
export function certificateFinding(certificate: CertificateDetail, host: string, now = Date.now()): Finding {
  const { Status: status = "unknown", NotAfter: end, DomainName: domain = "" } = certificate;
  const days = end ? daysUntil(end, now) : Infinity;
  const until = end && day(end);
  if (status === "PENDING_VALIDATION") return pending(certificate);
  if (status === "EXPIRED" || days < 0) return fail(`expired on ${until}`, renewal(certificate));
  if (status !== "ISSUED")
    return fail(
      `is ${status}${certificate.FailureReason ? ` (${certificate.FailureReason})` : ""}`,
      `Request another one for ${host}, and name it in aws.loadBalancer.certificateArn.`,
    );
  const names = [...new Set([domain, ...(certificate.SubjectAlternativeNames ?? [])])];
  if (!names.some((name) => covers(name, host)))
    return fail(
      `is for ${names.join(", ")}, and not for ${host}`,
      `Request one for ${host}, and name it in aws.loadBalancer.certificateArn.`,
    );
  if (days < SOON) return warn(`issued for ${host}, and ends in ${days} days, on ${until}`, renewal(certificate));
  return ok(`issued for ${host}${until ? `, until ${until}` : ""}`);
}

function pending({ DomainValidationOptions: proofs = [] }: CertificateDetail): Finding {
  const open = proofs.filter(({ ValidationStatus }) => ValidationStatus !== "SUCCESS");
  const records = open.flatMap(({ ResourceRecord: record }) =>
    record ? [`${bare(record.Name!)} ${record.Type} ${bare(record.Value!)}`] : [],
  );
  return fail(
    `waits for the proof of ${open.map(({ DomainName }) => DomainName!).join(", ")}`,
    records.length > 0
      ? `Make the DNS record, then wait some minutes: ${records.join("; ")}`
      : "Follow the link in the mail that ACM sent to the domain's owner, or request one with DNS validation.",
  );
}

function renewal({ Type, CertificateArn }: CertificateDetail): string {
  if (Type === "IMPORTED")
    return `Import its successor under the same ARN: aws acm import-certificate --certificate-arn ${CertificateArn}`;
  return "ACM renews it by itself while the DNS record that proves it is there: look at the renewal's status in ACM.";
}

async function describe({ environment, signal }: CheckContext, arn: string): Promise<CertificateDetail | undefined> {
  const client = new ACMClient(clientOptions(environment.aws.region));
  const request = new DescribeCertificateCommand({ CertificateArn: arn });
  const answer = await askAws(
    "acm:DescribeCertificate",
    signal,
    undefinedOn(["ResourceNotFoundException"], () => client.send(request, { abortSignal: signal })),
  );
  return answer?.Certificate;
}
