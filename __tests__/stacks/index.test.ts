import { describe, expect, test } from "@jest/globals";
import type { TerraformStack } from "cdktf";
import type { Environment } from "../../environments/schema/index.ts";
import { addStacks } from "../../stacks/index.ts";
import { environment, environmentOnAws } from "../support/environment.ts";
import { synthStack, testApp, withoutStackTraces } from "../support/template.ts";

/** The stacks of environments, and what `cdktf deploy` deploys before each. */
function stacksOf(...environments: Environment[]): Record<string, string[]> {
  const app = testApp();
  withoutStackTraces(() => environments.forEach((one) => addStacks(app, one)));
  const stacks = app.node.children as TerraformStack[];
  return Object.fromEntries(
    stacks.map(({ node, dependencies }) => [node.id, dependencies.map((other) => other.node.id)]),
  );
}

describe("the stacks of an environment", () => {
  test("come after those that they need: the image's repository, Keycloak, the realm in it", () => {
    expect(stacksOf(environmentOnAws())).toEqual({
      "test-registry": [],
      "test-keycloak": ["test-registry"],
      "test-realm": ["test-keycloak"],
    });
  });

  test("are the realm alone where Keycloak runs elsewhere", () => {
    expect(stacksOf(environment())).toEqual({ "test-realm": [] });
  });

  test("have nothing to do with those of another environment", () => {
    const all = stacksOf(environmentOnAws(), { ...environmentOnAws(), name: "other" });
    expect(Object.keys(all)).toHaveLength(6);
    expect(all["other-realm"]).toEqual(["other-keycloak"]);
    expect(all["other-keycloak"]).toEqual(["other-registry"]);
  });

  test("know each other by names only: none reads another's state, which would hold it back from being destroyed", () => {
    const app = testApp();
    withoutStackTraces(() => addStacks(app, environmentOnAws()));
    for (const stack of app.node.children as TerraformStack[]) {
      const { data = {} } = withoutStackTraces(() => synthStack(stack)).json as { data?: object };
      expect(Object.keys(data).filter((type) => type.startsWith("terraform_"))).toEqual([]);
    }
  });

  test("tell of one issuer: where Keycloak is deployed is where the realm is made", () => {
    const app = testApp();
    const [realm, , keycloak] = withoutStackTraces(() => {
      addStacks(app, environmentOnAws());
      return (app.node.children as TerraformStack[]).map((stack) => synthStack(stack));
    });
    expect(realm!.outputs().issuer).toBe("https://auth.example.com/auth/realms/mcp");
    expect(keycloak!.outputs().issuer).toBe(realm!.outputs().issuer);
  });
});
