import {
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
} from "@aws-sdk/client-ecr";
import {
  DeleteServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import {
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { namePrefix, secretNames } from "../../../../constructs/names.ts";
import { contentTag } from "../../../../keycloak-image/content.ts";
import { imageRecipe } from "../../../../keycloak-image/recipe.ts";
import { clientOptions } from "../../../../scripts/lib/aws/ask.ts";
import type { EnvironmentOnAws } from "../../../../environments/schema/on-aws.ts";
import * as parts from "../deployed-parts.ts";

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
  await parts.makeRepository(new ECRClient(clientOptions(environment.aws.region)), namePrefix(environment.name));
}

/** 1 where something was removed, 0 where it was not there; any other refusal is an error, as Terraform has it. */
const removed = (request: Promise<unknown>): Promise<number> =>
  request.then(
    () => 1,
    (error: Error) => {
      if (/NotFound/.test(error.name)) return 0;
      throw error;
    },
  );

/** @returns how many things were removed */
export async function removeRegistry({ name, aws }: EnvironmentOnAws): Promise<number> {
  const ecr = new ECRClient(clientOptions(aws.region));
  return removed(ecr.send(new DeleteRepositoryCommand({ repositoryName: namePrefix(name), force: true })));
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
  await parts.makeDatabase(rds, prefix);
}

/** Cluster, task definition and service; a service that is there gets the new task definition. */
export async function makeService(environment: EnvironmentOnAws): Promise<void> {
  const { name, aws } = environment;
  const prefix = namePrefix(name);
  const ecs = new ECSClient(clientOptions(aws.region));
  const image = await wantedImage(environment);
  const running = await runningImage(environment);
  if (running === image) return;
  const container = parts.containerOf(environment, { image });
  const { desiredCount } = aws.service;
  if (running) {
    const registered = await ecs.send(
      new RegisterTaskDefinitionCommand({ family: prefix, containerDefinitions: [container] }),
    );
    const { taskDefinitionArn: taskDefinition } = registered.taskDefinition!;
    await ecs.send(new UpdateServiceCommand({ cluster: prefix, service: prefix, taskDefinition, desiredCount }));
  } else {
    const tags = [{ key: "image", value: image }];
    await parts.makeService(ecs, prefix, { container, desiredCount, tags });
  }
}

/** @returns how many things were removed */
export async function removeKeycloak({ name, aws }: EnvironmentOnAws): Promise<number> {
  const prefix = namePrefix(name);
  const rds = new RDSClient(clientOptions(aws.region));
  const ecs = new ECSClient(clientOptions(aws.region));
  const instance = { DBInstanceIdentifier: `${prefix}-1`, SkipFinalSnapshot: true };
  const last = aws.database.finalSnapshot
    ? { FinalDBSnapshotIdentifier: `${prefix}-final` }
    : { SkipFinalSnapshot: true };
  return (
    (await removed(ecs.send(new DeleteServiceCommand({ cluster: prefix, service: prefix, force: true })))) +
    (await removed(rds.send(new DeleteDBInstanceCommand(instance)))) +
    (await removed(rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier: prefix, ...last }))))
  );
}
