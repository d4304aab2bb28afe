import type { Construct } from "constructs";
import { ImageRepository } from "../constructs/ecr.ts";
import type { EnvironmentOnAws } from "../environments/schema/on-aws.ts";
import { AwsStack } from "./aws-stack.ts";

/**
 * Where the image goes, `<environment>-registry`: a stack of its own, so that the image is there before the service
 * that runs it.
 */
export class RegistryStack extends AwsStack {
  constructor(scope: Construct, environment: EnvironmentOnAws) {
    super(scope, `${environment.name}-registry`, environment);
    const images = new ImageRepository(this, "images", {
      name: this.prefix,
      deletionProtection: environment.aws.database.deletionProtection,
    });
    this.output("repository_url", images.url, "Where Keycloak's image is pushed to");
    this.output("repository_name", images.name, "Name of the repository");
  }
}
