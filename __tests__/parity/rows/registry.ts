import { byDefault, changed, dropped, Including, same, sameAs, section, type Row } from "../support/row.ts";
import { OWN_RESOURCES, TAGGED } from "./reasons.ts";

/** The repository of Keycloak's image. */
export const REGISTRY: readonly Row[] = [
  ...section(
    "modules/keycloak/main.tf, module.ecr",
    "aws_ecr_repository",
    [
      dropped("source", "cloudposse/terraform-aws-ecr 0.41.0", OWN_RESOURCES, "module *"),
      changed(
        "encryption_configuration.encryption_type",
        "AES256",
        "KMS",
        "by AWS's key for ECR, whose uses CloudTrail shows; there is no key of one's own to keep",
      ),
      byDefault("encryption_configuration.kms_key", null),
      same("force_delete", true),
      changed(
        "image_tag_mutability",
        "MUTABLE",
        "IMMUTABLE",
        "a tag always means the same image, so a rollback to it is one",
      ),
      changed(
        "max_image_count",
        3,
        new Including(20),
        "a rollback finds the image it needs",
        "aws_ecr_lifecycle_policy: policy.rules.selection.countNumber",
      ),
      same("name", "keycloak-repository"),
      dropped(
        "principals_readonly_access",
        ["module.ecs.task_role_arn"],
        "the role that starts tasks has the right itself; Keycloak's own role pulls no image",
        "aws_ecr_repository_policy *",
      ),
      same("scan_images_on_push", true, "image_scanning_configuration.scan_on_push"),
      dropped("tags", "module.label.tags", TAGGED),
    ],
    "repository",
  ),
  ...section("article, Security Best Practices: ECR", "aws_ecr_repository", [
    sameAs("encrypted container images", "encrypted", "KMS", "encryption_configuration.encryption_type"),
  ]),
];
