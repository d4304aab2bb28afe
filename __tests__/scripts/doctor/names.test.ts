import { describe, expect, test } from "@jest/globals";
import { certificateFinding } from "../../../scripts/lib/doctor/checks/certificate.ts";
import { covers } from "../../../scripts/lib/doctor/domain.ts";
import { principalOf } from "../../../scripts/lib/doctor/principal.ts";

describe("covers", () => {
  test.each([
    ["auth.example.com", "auth.example.com", true],
    ["AUTH.example.com.", "auth.example.com", true],
    ["*.example.com", "auth.example.com", true],
    ["*.example.com", "auth.dev.example.com", false],
    ["*.example.com", "example.com", false],
    ["example.com", "auth.example.com", false],
    ["*.dev.example.com", "auth.example.com", false],
  ])("%s and %s", (name, host, expected) => {
    expect(covers(name, host)).toBe(expected);
  });
});

describe("principalOf", () => {
  test.each([
    ["arn:aws:iam::111122223333:root", { kind: "root" }],
    [
      "arn:aws:iam::111122223333:user/teams/deployer",
      { kind: "user", arn: "arn:aws:iam::111122223333:user/teams/deployer" },
    ],
    ["arn:aws:sts::111122223333:assumed-role/Deployer/jane@example.com", { kind: "role", roleName: "Deployer" }],
    [
      "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/jane",
      { kind: "role", roleName: "AWSReservedSSO_Admin_0123456789abcdef" },
    ],
    ["arn:aws:sts::111122223333:federated-user/jane", { kind: "other" }],
  ])("%s", (arn, expected) => {
    expect(principalOf(arn)).toEqual(expected);
  });
});

describe("certificateFinding", () => {
  const NOW = Date.parse("2026-06-01T00:00:00Z");
  const HOST = "auth.example.com";
  const issued = { Status: "ISSUED", DomainName: "*.example.com", NotAfter: new Date("2027-01-01") } as const;

  test("an issued one for the domain is ok", () => {
    expect(certificateFinding(issued, HOST, NOW)).toEqual({
      status: "ok",
      found: "issued for auth.example.com, until 2027-01-01",
    });
  });

  test("one that ACM waits for names the record that proves it", () => {
    const finding = certificateFinding(
      {
        Status: "PENDING_VALIDATION",
        DomainName: HOST,
        DomainValidationOptions: [
          {
            DomainName: HOST,
            ValidationStatus: "PENDING_VALIDATION",
            ResourceRecord: { Name: `_abc.${HOST}.`, Type: "CNAME", Value: "_def.acm-validations.aws." },
          },
        ],
      },
      HOST,
      NOW,
    );
    expect(finding).toMatchObject({ status: "fail", found: "waits for the proof of auth.example.com" });
    expect(finding.mend).toContain("_abc.auth.example.com CNAME _def.acm-validations.aws");
  });

  test.each([
    [{ ...issued, DomainName: "www.example.com" }, "fail", "is for www.example.com, and not for auth.example.com"],
    [{ ...issued, DomainName: "x.org", SubjectAlternativeNames: ["x.org", HOST] }, "ok", "issued for"],
    [{ ...issued, NotAfter: new Date("2026-06-20") }, "warn", "ends in 19 days, on 2026-06-20"],
    [{ ...issued, Type: "IMPORTED", NotAfter: new Date("2026-05-20") }, "fail", "expired on 2026-05-20"],
    [{ ...issued, Status: "EXPIRED", NotAfter: new Date("2026-05-20") }, "fail", "expired on 2026-05-20"],
    [{ ...issued, Status: "FAILED", FailureReason: "CAA_ERROR" }, "fail", "is FAILED (CAA_ERROR)"],
    [{ ...issued, Status: "REVOKED" }, "fail", "is REVOKED"],
  ] as const)("case %#", (certificate, status, found) => {
    const { SubjectAlternativeNames, ...rest } = { SubjectAlternativeNames: undefined, ...certificate };
    const names = SubjectAlternativeNames && [...SubjectAlternativeNames];
    const finding = certificateFinding({ ...rest, SubjectAlternativeNames: names }, HOST, NOW);
    expect(finding.status).toBe(status);
    expect(finding.found).toContain(found);
    expect(Boolean(finding.mend)).toBe(status !== "ok");
  });
});
