import { expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { Certificate } from "../../../constructs/alb/certificate.ts";
import { synthConstruct } from "../../support/template.ts";

const template = synthConstruct((scope) => {
  const { arn } = new Certificate(scope, "certificate", {
    domain: "auth.example.com",
    zoneId: "Z0123456789ABCDEFGHIJ",
  });
  new TerraformOutput(scope, "arn", { value: arn });
});

const OPTION = "tolist(aws_acm_certificate.certificate.domain_validation_options).0";

test("the certificate is proved by DNS: ACM renews it by itself as long as the record is there", () => {
  expect(template.resource("aws_acm_certificate")).toMatchObject({
    domain_name: "auth.example.com",
    validation_method: "DNS",
  });
  expect(template.byId("aws_route53_record").certificate_proof).toMatchObject({
    zone_id: "Z0123456789ABCDEFGHIJ",
    name: `\${${OPTION}.resource_record_name}`,
    type: `\${${OPTION}.resource_record_type}`,
    records: [`\${${OPTION}.resource_record_value}`],
  });
});

test("another domain's certificate is there before the old one goes, so that the listener is never without", () => {
  expect(template.resource("aws_acm_certificate").lifecycle).toEqual({ create_before_destroy: true });
});

test("a record that is there already is taken: ACM wants the same one for each certificate of a domain", () => {
  expect(template.resource("aws_route53_record").allow_overwrite).toBe(true);
});

test("the ARN is known once the certificate is issued: a listener refuses one that is not", () => {
  expect(template.outputs().arn).toBe("${aws_acm_certificate_validation.certificate_issued.certificate_arn}");
  expect(template.byId("aws_acm_certificate_validation").certificate_issued).toEqual({
    certificate_arn: "${aws_acm_certificate.certificate.arn}",
    validation_record_fqdns: ["${aws_route53_record.certificate_proof.fqdn}"],
    timeouts: { create: "20m" }, // not an hour and a quarter, for a zone that nobody can see
  });
});
