import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
} from "@aws-sdk/client-ecr";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { keycloakContainer } from "../../../../constructs/ecs/container.ts";
import { logGroupName, namePrefix, secretNames } from "../../../../constructs/names.ts";
import { contentTag } from "../../../../keycloak-image/content.ts";
import { imageRecipe } from "../../../../keycloak-image/recipe.ts";
import { clientOptions } from "../../../../scripts/lib/aws/ask.ts";
import type { EnvironmentOnAws } from "../../../../stacks/aws-stack.ts";

/** On the emulated AWS: what of the registry and keycloak stacks the commands ask for. */

type Refuse = (...lines: string[]) => never;

const found = (request: Promise<unknown>) =>
  request.then(
    () => true,
    () => false,
  );

export async function missingRegistry({ name, aws }: EnvironmentOnAws): Promise<string[]> {
  const ecr = new ECRClient(clientOptions(aws.region));
  const there = await found(ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [namePrefix(name)] })));
  return there ? [] : ["aws_ecr_repository.image"];
}

export async function makeRegistry(environment: EnvironmentOnAws): Promise<void> {
  if ((await missingRegistry(environment)).length === 0) return;
  const ecr = new ECRClient(clientOptions(environment.aws.region));
  await ecr.send(
    new CreateRepositoryCommand({ repositoryName: namePrefix(environment.name), imageTagMutability: "IMMUTABLE" }),
  );
}

export async function removeRegistry({ name, aws }: EnvironmentOnAws): Promise<void> {
  const ecr = new ECRClient(clientOptions(aws.region));
  await found(ecr.send(new DeleteRepositoryCommand({ repositoryName: namePrefix(name), force: true })));
}

/** @param databaseOnly whether Terraform is limited to the database: nothing then asks for the image */
export async function missingKeycloak(
  environment: EnvironmentOnAws,
  databaseOnly: boolean,
  refuse: Refuse,
): Promise<string[]> {
  const { name, aws } = environment;
  const prefix = namePrefix(name);
  const rds = new RDSClient(clientOptions(aws.region));
  const missing: string[] = [];
  const password = await found(
    new SSMClient(clientOptions(aws.region)).send(
      new GetParameterCommand({ Name: secretNames(name).databasePassword }),
    ),
  );
  if (!password) refuse("Error: reading SSM Parameter: couldn't find resource");
  if (!(await found(rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: prefix })))))
    missing.push("aws_rds_cluster.database", "aws_rds_cluster_instance.database_instance-1");
  if (databaseOnly) return missing;
  const imageIds = [{ imageTag: contentTag(imageRecipe(environment)) }];
  const ecr = new ECRClient(clientOptions(aws.region));
  if (!(await found(ecr.send(new DescribeImagesCommand({ repositoryName: prefix, imageIds })))))
    refuse("Error: no matching ECR images found", "  with data.aws_ecr_image.keycloak-image");
  return (await runningImage(environment)) === (await wantedImage(environment))
    ? missing
    : [...missing, "aws_ecs_service.service"];
}

async function wantedImage(environment: EnvironmentOnAws): Promise<string> {
  const { name, aws } = environment;
  const ecr = new ECRClient(clientOptions(aws.region));
  const tag = contentTag(imageRecipe(environment));
  const [{ repositories }, { imageDetails }] = await Promise.all([
    ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [namePrefix(name)] })),
    ecr.send(new DescribeImagesCommand({ repositoryName: namePrefix(name), imageIds: [{ imageTag: tag }] })),
  ]);
  return `${repositories![0]!.repositoryUri}@${imageDetails![0]!.imageDigest}`;
}

async function runningImage({ name, aws }: EnvironmentOnAws): Promise<string | undefined> {
  const prefix = namePrefix(name);
  const answer = await new ECSClient(clientOptions(aws.region))
    .send(new DescribeServicesCommand({ cluster: prefix, services: [prefix], include: ["TAGS"] }))
    .catch(() => undefined);
  const service = answer?.services?.find(({ status }) => status === "ACTIVE");
  return service?.tags?.find(({ key }) => key === "image")?.value;
}

export async function makeDatabase({ name, aws }: EnvironmentOnAws): Promise<void> {
  const prefix = namePrefix(name);
  const rds = new RDSClient(clientOptions(aws.region));
  if (await found(rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: prefix })))) return;
  const engine = { Engine: "aurora-postgresql", DBClusterIdentifier: prefix };
  await rds.send(
    new CreateDBClusterCommand({ ...engine, MasterUsername: "keycloak", MasterUserPassword: "a-stand-in-password" }),
  );
  await rds.send(
    new CreateDBInstanceCommand({ ...engine, DBInstanceIdentifier: `${prefix}-1`, DBInstanceClass: "db.serverless" }),
  );
}

/** Cluster, task definition and service; a service that is there gets the new task definition. */
export async function makeService(environment: EnvironmentOnAws): Promise<void> {
  const { name, aws, keycloak } = environment;
  const prefix = namePrefix(name);
  const ecs = new ECSClient(clientOptions(aws.region));
  const image = await wantedImage(environment);
  if ((await runningImage(environment)) === image) return;
  const container = keycloakContainer({
    image,
    memory: aws.service.memory,
    region: aws.region,
    logGroup: logGroupName(name),
    url: keycloak.url,
    database: { host: "database", port: 5432, name: "keycloak", user: "keycloak" },
    built: imageRecipe(environment),
    jdbcDriver: aws.database.jdbcDriver,
    secretArns: { adminPassword: "arn:1", databasePassword: "arn:2" },
    exec: false,
  });
  await ecs.send(new CreateClusterCommand({ clusterName: prefix }));
  await ecs.send(new RegisterTaskDefinitionCommand({ family: prefix, containerDefinitions: [container] }));
  const service = { cluster: prefix, taskDefinition: prefix, desiredCount: aws.service.desiredCount };
  const tags = [{ key: "image", value: image }];
  if (await runningImage(environment)) await ecs.send(new UpdateServiceCommand({ ...service, service: prefix }));
  else await ecs.send(new CreateServiceCommand({ ...service, serviceName: prefix, tags }));
}

export async function removeKeycloak({ name, aws }: EnvironmentOnAws): Promise<void> {
  const prefix = namePrefix(name);
  const rds = new RDSClient(clientOptions(aws.region));
  await found(
    new ECSClient(clientOptions(aws.region)).send(
      new DeleteServiceCommand({ cluster: prefix, service: prefix, force: true }),
    ),
  );
  await found(rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: `${prefix}-1`, SkipFinalSnapshot: true })));
  await found(
    rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier: prefix, FinalDBSnapshotIdentifier: `${prefix}-final` })),
  );
}
