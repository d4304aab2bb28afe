import { CreateRepositoryCommand, PutImageCommand, type ECRClient } from "@aws-sdk/client-ecr";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  RegisterTaskDefinitionCommand,
  type ContainerDefinition,
  type CreateServiceCommandInput,
  type ECSClient,
} from "@aws-sdk/client-ecs";
import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  type CreateDBClusterCommandInput,
  type RDSClient,
} from "@aws-sdk/client-rds";
import { keycloakContainer, type ContainerProps } from "../../../constructs/ecs/container.ts";
import { logGroupName } from "../../../constructs/names.ts";
import { imageRecipe } from "../../../keycloak-image/recipe.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";

/** Parts of what a deployment makes, on the emulated AWS. Each has the environment's prefix for its name. */

/** Makes the repository; its tags are immutable. */
export async function makeRepository(ecr: ECRClient, name: string): Promise<{ readonly uri: string }> {
  const request = new CreateRepositoryCommand({ repositoryName: name, imageTagMutability: "IMMUTABLE" });
  const { repository } = await ecr.send(request);
  return { uri: repository!.repositoryUri! };
}

/**
 * Pushes an image that has nothing in it.
 * @returns its digest
 */
export async function pushImage(ecr: ECRClient, name: string, tag: string): Promise<string> {
  const manifest = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    layers: [],
    config: {
      digest: `sha256:${"0".repeat(64)}`,
      size: 1,
      mediaType: "application/vnd.oci.image.config.v1+json",
    },
  };
  const { image } = await ecr.send(
    new PutImageCommand({ repositoryName: name, imageTag: tag, imageManifest: JSON.stringify(manifest) }),
  );
  return image!.imageId!.imageDigest!;
}

/** Keycloak's container as the task definition has it. */
export function containerOf(
  environment: EnvironmentOnAws,
  { image, built }: Pick<ContainerProps, "image"> & Partial<Pick<ContainerProps, "built">>,
): ContainerDefinition {
  const { name, aws, keycloak } = environment;
  return keycloakContainer({
    image,
    memory: aws.service.memory,
    region: aws.region,
    logGroup: logGroupName(name),
    url: keycloak.url,
    database: { host: "database", port: 5432, name: "keycloak", user: "keycloak" },
    built: built ?? imageRecipe(environment),
    jdbcDriver: aws.database.jdbcDriver,
    secretArns: { adminPassword: "arn:1", databasePassword: "arn:2" },
    exec: false,
  });
}

/** How a service is, where it is not like any. */
export interface ServiceSettings extends Partial<CreateServiceCommandInput> {
  /** @default one that nobody looks at */
  readonly container?: ContainerDefinition;
}

/** Makes the service, with its cluster and its task definition. */
export async function makeService(ecs: ECSClient, name: string, settings: ServiceSettings = {}): Promise<void> {
  const { container = { name: "keycloak", image: "keycloak", memory: 512 }, ...others } = settings;
  await ecs.send(new CreateClusterCommand({ clusterName: name }));
  await ecs.send(new RegisterTaskDefinitionCommand({ family: name, containerDefinitions: [container] }));
  const service = { cluster: name, serviceName: name, taskDefinition: name, desiredCount: 2 };
  await ecs.send(new CreateServiceCommand({ ...service, ...others }));
}

/**
 * Makes the database.
 * @param instances how many, and of what class
 */
export async function makeDatabase(
  rds: RDSClient,
  name: string,
  settings: Partial<CreateDBClusterCommandInput> = {},
  { count = 1, instanceClass = "db.serverless" }: { count?: number; instanceClass?: string } = {},
): Promise<void> {
  const engine = { DBClusterIdentifier: name, Engine: "aurora-postgresql" };
  const owner = { MasterUsername: "keycloak", MasterUserPassword: "planted-database-password" };
  await rds.send(new CreateDBClusterCommand({ ...engine, ...owner, ...settings }));
  for (let index = 1; index <= count; index += 1)
    await rds.send(
      new CreateDBInstanceCommand({
        ...engine,
        DBInstanceIdentifier: `${name}-${index}`,
        DBInstanceClass: instanceClass,
      }),
    );
}
