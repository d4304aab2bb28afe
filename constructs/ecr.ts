import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Construct } from "constructs";

/** Props of {@link ImageRepository}. */
export interface ImageRepositoryProps {
  /** Name of the repository. */
  readonly name: string;
  /** Destroying the repository fails while it holds images. */
  readonly deletionProtection: boolean;
}

/** Images that are kept, so that a rollback finds the one it needs. */
const KEPT_IMAGES = 20;

/** The repository of Keycloak's image: a tag always means the same image, and each is scanned when it comes. */
export class ImageRepository extends Construct {
  /** Address to push to, without a tag. */
  readonly url: string;
  readonly name: string;

  constructor(scope: Construct, id: string, { name, deletionProtection }: ImageRepositoryProps) {
    super(scope, id);
    const repository = new EcrRepository(this, "repository", {
      name,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [{ encryptionType: "KMS" }], // AWS's key aws/ecr: free, and no policy to keep
      forceDelete: !deletionProtection,
    });
    new EcrLifecyclePolicy(this, "lifecycle", {
      repository: repository.name,
      policy: JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            description: "Untagged images go after a week",
            selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 },
            action: { type: "expire" },
          },
          {
            rulePriority: 2,
            description: `The last ${KEPT_IMAGES} images stay`,
            selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: KEPT_IMAGES },
            action: { type: "expire" },
          },
        ],
      }),
    });
    this.url = repository.repositoryUrl;
    this.name = repository.name;
  }
}
