import { describe, expect, test } from "@jest/globals";
import { acceptances, findCheckov, notAccepted, stale } from "./checkov.ts";

const stack = {
  stack: "dev-keycloak",
  json: {
    resource: { aws_lb: { x: { "//": { acceptedFindings: { CKV_1: "because it is so" } }, name: "x" }, y: {} } },
    data: { aws_zones: { z: { "//": { acceptedFindings: { CKV_2: "because it is not" } } } } },
  },
};
const accepted = acceptances([stack]);
const finding = (check: string, resource: string, of = "dev-keycloak") => ({
  check,
  resource,
  stack: of,
  title: "Ensure it",
});

describe("findings", () => {
  test("are accepted beside resources and data sources", () => {
    expect(accepted).toEqual([
      { stack: "dev-keycloak", resource: "aws_lb.x", check: "CKV_1", reason: "because it is so" },
      { stack: "dev-keycloak", resource: "data.aws_zones.z", check: "CKV_2", reason: "because it is not" },
    ]);
  });

  test("of another check, resource or stack are not accepted", () => {
    expect(
      notAccepted(
        [
          finding("CKV_1", "aws_lb.x"),
          finding("CKV_2", "data.z"),
          finding("CKV_2", "aws_lb.x"),
          finding("CKV_1", "aws_lb.y"),
          finding("CKV_1", "aws_lb.x", "production-keycloak"),
        ],
        accepted,
      ),
    ).toEqual([
      "CKV_2 (Ensure it): aws_lb.x of dev-keycloak",
      "CKV_1 (Ensure it): aws_lb.y of dev-keycloak",
      "CKV_1 (Ensure it): aws_lb.x of production-keycloak",
    ]);
  });

  test("that are accepted and gone are stale", () => {
    expect(stale([finding("CKV_2", "data.z"), finding("CKV_1", "aws_lb.y")], accepted)).toEqual([
      "CKV_1 is accepted for aws_lb.x of dev-keycloak, and not found there",
    ]);
  });
});

test("the program is the one that CHECKOV names, the one on the PATH, or none", () => {
  expect(findCheckov({ CHECKOV: "/opt/checkov", PATH: "/usr/bin" })).toBe("/opt/checkov");
  expect(findCheckov({ PATH: "/no/such/folder" })).toBeUndefined();
  expect(findCheckov({})).toBeUndefined();
});
