import { describe, expect, test } from "@jest/globals";
import { ImageRepository } from "../../constructs/ecr.ts";
import { synthConstruct } from "../support/template.ts";

const images = (deletionProtection = true) =>
  synthConstruct((scope) => new ImageRepository(scope, "images", { name: "keycloak-test", deletionProtection }));
const repository = (deletionProtection = true) => images(deletionProtection).resource("aws_ecr_repository");

/** A rule of a lifecycle policy, as ECR takes it. */
interface Rule {
  readonly rulePriority: number;
  readonly selection: { readonly tagStatus: string; readonly countType: string; readonly countNumber: number };
  readonly action: { readonly type: string };
}

describe("the image's repository", () => {
  test("never gives a tag to another image: what was reviewed is what runs", () => {
    expect(repository()).toMatchObject({ name: "keycloak-test", image_tag_mutability: "IMMUTABLE" });
  });

  test("scans each image when it comes, and encrypts it", () => {
    expect(repository()).toMatchObject({
      image_scanning_configuration: { scan_on_push: true },
      encryption_configuration: [{ encryption_type: "KMS" }],
    });
  });

  test("is destroyed with its images only where nothing is protected", () => {
    expect(repository(true).force_delete).toBe(false);
    expect(repository(false).force_delete).toBe(true);
  });
});

describe("old images", () => {
  const policy = images().byId("aws_ecr_lifecycle_policy").images_lifecycle!;
  const { rules } = JSON.parse(String(policy.policy)) as { rules: readonly Rule[] };

  test("go when no tag has named them for a week", () => {
    expect(policy.repository).toBe("${aws_ecr_repository.images_repository.name}");
    expect(rules[0]).toMatchObject({
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 },
      action: { type: "expire" },
    });
  });

  test("go when there are 20 newer ones, so that there is always one to roll back to", () => {
    expect(rules[1]).toMatchObject({
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 20 },
      action: { type: "expire" },
    });
  });

  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
  test("are selected in an order that ECR takes: the rule for any image has the highest number", () => {
    expect(rules.map(({ rulePriority, selection }) => [rulePriority, selection.tagStatus])).toEqual([
      [1, "untagged"],
      [2, "any"],
    ]);
  });
});
