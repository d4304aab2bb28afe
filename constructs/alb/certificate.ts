import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";

/** Props of {@link Certificate}. */
export interface CertificateProps {
  readonly domain: string;
  /** Route 53 zone that proves the domain. */
  readonly zoneId: string;
}

/** A certificate of ACM, proved by a DNS record that stays, so that ACM renews it by itself. */
export class Certificate extends Construct {
  /** Known once the certificate is issued. */
  readonly arn: string;

  constructor(scope: Construct, id: string, { domain, zoneId }: CertificateProps) {
    super(scope, id);
    const certificate = new AcmCertificate(this, "certificate", {
      domainName: domain,
      validationMethod: "DNS",
      lifecycle: { createBeforeDestroy: true }, // a listener is never without one
    });
    const proof = certificate.domainValidationOptions.get(0);
    const record = new Route53Record(this, "proof", {
      zoneId,
      name: proof.resourceRecordName,
      type: proof.resourceRecordType,
      records: [proof.resourceRecordValue],
      ttl: 60,
      allowOverwrite: true, // another environment of the domain may have made the same one
    });
    const issued = new AcmCertificateValidation(this, "issued", {
      certificateArn: certificate.arn,
      validationRecordFqdns: [record.fqdn],
      timeouts: { create: "20m" }, // it takes minutes; in a zone that the internet does not see it would take for ever
    });
    this.arn = issued.certificateArn;
  }
}
