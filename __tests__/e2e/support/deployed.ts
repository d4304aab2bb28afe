import { ACMClient, RequestCertificateCommand } from "@aws-sdk/client-acm";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateDBClusterCommand, CreateDBInstanceCommand, RDSClient } from "@aws-sdk/client-rds";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { keycloakContainer } from "../../../constructs/ecs/container.ts";
import { logGroupName, namePrefix, secretNames } from "../../../constructs/names.ts";
import { contentTag } from "../../../keycloak-image/content.ts";
import { imageRecipe } from "../../../keycloak-image/recipe.ts";
import { PORTS } from "../../../keycloak-image/settings.ts";
import { clientOptions } from "../../../scripts/lib/aws/ask.ts";
import type { EnvironmentOnAws } from "../../../stacks/aws-stack.ts";

/** Password of the administrator of the first start. */
export const ADMIN_PASSWORD = "planted-admin-password";

/** What of a deployment is not as it should be. */
export interface DeployedOptions {
  /** Release of the task definition. @default the environment's */
  readonly version?: string;
  /** Addresses of the tasks that the load balancer knows. */
  readonly targets?: readonly string[];
}

/**
 * Makes on the emulated AWS what a deployment makes, as far as the commands ask for it. The variables of the process
 * must lead there.
 */
export async function deploy(environment: EnvironmentOnAws, options: DeployedOptions = {}): Promise<void> {
  const { name, aws } = environment;
  const client = clientOptions(aws.region);
  await Promise.all([
    makeService(environment, options.version ?? environment.keycloak.version),
    makeLoadBalancer(environment, options.targets ?? ["172.31.0.10", "172.31.16.10"]),
    makeDatabase(environment),
    new CloudWatchLogsClient(client).send(new CreateLogGroupCommand({ logGroupName: logGroupName(name) })),
    new SSMClient(client).send(
      new PutParameterCommand({ Name: secretNames(name).adminPassword, Value: ADMIN_PASSWORD, Type: "SecureString" }),
    ),
  ]);
}

async function makeService(environment: EnvironmentOnAws, version: string): Promise<void> {
  const { name, aws, keycloak } = environment;
  const prefix = namePrefix(name);
  const recipe = imageRecipe(environment);
  const ecr = new ECRClient(clientOptions(aws.region));
  const { repository } = await ecr.send(new CreateRepositoryCommand({ repositoryName: prefix }));
  const { image } = await ecr.send(
    new PutImageCommand({
      repositoryName: prefix,
      imageTag: contentTag(recipe),
      imageManifest: JSON.stringify({
        schemaVersion: 2,
        mediaType: "application/vnd.docker.distribution.manifest.v2+json",
        config: {
          mediaType: "application/vnd.docker.container.image.v1+json",
          size: 1,
          digest: `sha256:${"1".repeat(64)}`,
        },
        layers: [],
      }),
    }),
  );
  const container = keycloakContainer({
    image: `${repository!.repositoryUri}@${image!.imageId!.imageDigest}`,
    memory: aws.service.memory,
    region: aws.region,
    logGroup: logGroupName(name),
    url: keycloak.url,
    database: { host: "database", port: 5432, name: "keycloak", user: "keycloak" },
    built: { version, buildOptions: recipe.buildOptions },
    jdbcDriver: "postgresql",
    secretArns: { adminPassword: "arn:1", databasePassword: "arn:2" },
    exec: false,
  });
  const ecs = new ECSClient(clientOptions(aws.region));
  await ecs.send(new CreateClusterCommand({ clusterName: prefix }));
  await ecs.send(new RegisterTaskDefinitionCommand({ family: prefix, containerDefinitions: [container] }));
  await ecs.send(
    new CreateServiceCommand({ cluster: prefix, serviceName: prefix, taskDefinition: prefix, desiredCount: 2 }),
  );
}

async function makeLoadBalancer({ name, aws, keycloak }: EnvironmentOnAws, targets: readonly string[]): Promise<void> {
  const prefix = namePrefix(name);
  const client = clientOptions(aws.region);
  const { Subnets = [] } = await new EC2Client(client).send(new DescribeSubnetsCommand({}));
  const elb = new ElasticLoadBalancingV2Client(client);
  const Subnets_ = Subnets.slice(0, 2).map(({ SubnetId }) => SubnetId!);
  const { LoadBalancers } = await elb.send(new CreateLoadBalancerCommand({ Name: prefix, Subnets: Subnets_ }));
  const { TargetGroups } = await elb.send(
    new CreateTargetGroupCommand({
      Name: prefix,
      VpcId: Subnets[0]!.VpcId,
      TargetType: "ip",
      Protocol: "HTTP",
      Port: PORTS.http,
    }),
  );
  const { TargetGroupArn } = TargetGroups![0]!;
  await elb.send(
    new RegisterTargetsCommand({ TargetGroupArn, Targets: targets.map((Id) => ({ Id, Port: PORTS.http })) }),
  );
  const { CertificateArn } = await new ACMClient(client).send(
    new RequestCertificateCommand({ DomainName: new URL(keycloak.url).hostname, ValidationMethod: "DNS" }),
  );
  await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: LoadBalancers![0]!.LoadBalancerArn,
      Protocol: "HTTPS",
      Port: 443,
      Certificates: [{ CertificateArn }],
      DefaultActions: [{ Type: "forward", TargetGroupArn }],
    }),
  );
}

async function makeDatabase({ name, aws }: EnvironmentOnAws): Promise<void> {
  const { engineVersion, deletionProtection, serverless, instances, instanceClass } = aws.database;
  const prefix = namePrefix(name);
  const rds = new RDSClient(clientOptions(aws.region));
  await rds.send(
    new CreateDBClusterCommand({
      DBClusterIdentifier: prefix,
      Engine: "aurora-postgresql",
      EngineVersion: engineVersion,
      MasterUsername: "keycloak",
      MasterUserPassword: "planted-database-password",
      DeletionProtection: deletionProtection,
      ServerlessV2ScalingConfiguration: serverless && {
        MinCapacity: serverless.minCapacity,
        MaxCapacity: serverless.maxCapacity,
      },
    }),
  );
  for (let index = 1; index <= instances; index += 1)
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: `${prefix}-${index}`,
        DBClusterIdentifier: prefix,
        DBInstanceClass: instanceClass,
        Engine: "aurora-postgresql",
      }),
    );
}
