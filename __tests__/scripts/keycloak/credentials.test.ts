import { describe, expect, test } from "@jest/globals";
import { adminCredentials, whoIs } from "../../../scripts/lib/keycloak/credentials.ts";

describe("the administrator's credentials", () => {
  test("are the variables of the Terraform provider: a user", () => {
    expect(
      adminCredentials({ KEYCLOAK_USER: "admin", KEYCLOAK_PASSWORD: "p", KEYCLOAK_CLIENT_ID: "admin-cli" }),
    ).toEqual({ kind: "user", realm: "master", clientId: "admin-cli", username: "admin", password: "p" });
  });

  test("or a client", () => {
    const variables = { KEYCLOAK_CLIENT_ID: "boot", KEYCLOAK_CLIENT_SECRET: "s", KEYCLOAK_REALM: "ops" };
    expect(adminCredentials(variables)).toEqual({ kind: "client", realm: "ops", clientId: "boot", clientSecret: "s" });
  });

  test.each([
    [{}, /none of them is set/],
    [{ KEYCLOAK_USER: "admin" }, /KEYCLOAK_USER is set, KEYCLOAK_PASSWORD is not/],
    [{ KEYCLOAK_CLIENT_ID: "boot" }, /KEYCLOAK_CLIENT_ID is set, KEYCLOAK_CLIENT_SECRET is not/],
  ])("say which variable is missing: %j", (variables, message) => {
    expect(() => adminCredentials(variables)).toThrow(message);
  });

  test("[secrets.nowhere] are never named with their secret", () => {
    const credentials = adminCredentials({ KEYCLOAK_USER: "admin", KEYCLOAK_PASSWORD: "hunter2" });
    expect(whoIs(credentials)).toBe("user admin");
  });
});
