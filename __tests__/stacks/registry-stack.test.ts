import { describe, expect, test } from "@jest/globals";
import { environmentOnAws } from "../support/environment.ts";
import { moved } from "./support/addresses.ts";
import { forReview } from "./support/review.ts";
import { example, keycloakStack, registryStack } from "./support/synth.ts";

const production = registryStack(await example("production"));

describe("RegistryStack", () => {
  test("[terraform.ids] keeps the address of every resource: a new one would destroy every image", () => {
    expect(
      moved(production.addresses, {
        aws_ecr_lifecycle_policy: ["images_lifecycle_3E0390F9"],
        aws_ecr_repository: ["images_repository_F169625C"],
      }),
    ).toEqual([]);
  });

  test("[terraform.synth] for review, the whole stack of production", () => {
    expect(forReview(production.json)).toMatchSnapshot();
  });

  test("[terraform.ids] puts out where the image is pushed to, by names that scripts know", () => {
    expect(production.outputs()).toEqual({
      repository_url: "${aws_ecr_repository.images_repository.repository_url}",
      repository_name: "${aws_ecr_repository.images_repository.name}",
    });
  });

  test("makes the repository that the keycloak stack looks the image up in, and that its tasks may pull from", () => {
    const environment = environmentOnAws({ accountId: "111122223333" });
    const { name } = registryStack(environment).resource("aws_ecr_repository");
    const keycloak = keycloakStack(environment);
    expect(keycloak.byId("data.aws_ecr_image")).toMatchObject({ "keycloak-image": { repository_name: name } });
    expect(keycloak.statements("service_roles_start-task")).toContainEqual(
      expect.objectContaining({ resources: [`arn:aws:ecr:eu-central-1:111122223333:repository/${String(name)}`] }),
    );
  });

  test("asks for no account: a repository's name needs none", () => {
    expect(production.json).not.toHaveProperty("data");
  });

  test.each([true, false])(
    "destroys images with the repository only where the data may go: %s",
    (deletionProtection) => {
      const stack = registryStack(environmentOnAws({ database: { deletionProtection } }));
      expect(stack.resource("aws_ecr_repository").force_delete).toBe(!deletionProtection);
    },
  );
});
