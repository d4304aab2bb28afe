import { describe, expect, test } from "@jest/globals";
import { adminAccess, personalAccountSteps } from "../../../scripts/lib/admin/index.ts";
import { environmentOnAws } from "../../support/environment.ts";

describe("how people come into the admin console", () => {
  test("tells address, account, parameter and who reaches it", () => {
    expect(adminAccess(environmentOnAws({ adminCidrs: ["203.0.113.0/24"] }))).toEqual({
      environment: "test",
      url: "https://auth.example.com/auth/admin/",
      user: "admin",
      parameter: "/keycloak/test/admin_password",
      region: "eu-central-1",
      showPassword:
        "aws ssm get-parameter --region eu-central-1 --name /keycloak/test/admin_password --with-decryption --query Parameter.Value --output text",
      adminCidrs: ["203.0.113.0/24"],
    });
  });

  test("says how the first account can go, and what must stay", () => {
    const steps = personalAccountSteps(adminAccess(environmentOnAws())).join("\n");
    expect(steps).toContain("Delete the user admin");
    expect(steps).toContain("Leave /keycloak/test/admin_password where it is");
  });
});
