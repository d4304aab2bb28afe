import { ACMClient, RequestCertificateCommand } from "@aws-sdk/client-acm";
import { CloudWatchClient, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ECSClient } from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { RDSClient } from "@aws-sdk/client-rds";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { alarmNames } from "../../../constructs/monitoring/alarms.ts";
import { alarmTopicName, logGroupName, namePrefix, secretNames } from "../../../constructs/names.ts";
import { contentTag } from "../../../keycloak-image/content.ts";
import { imageRecipe } from "../../../keycloak-image/recipe.ts";
import { PORTS } from "../../../keycloak-image/settings.ts";
import { clientOptions } from "../../../scripts/lib/aws/ask.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { containerOf, makeDatabase, makeRepository, makeService, pushImage } from "./deployed-parts.ts";

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
  const { engineVersion, deletionProtection, serverless, instances, instanceClass } = aws.database;
  const client = clientOptions(aws.region);
  await Promise.all([
    makeTasks(environment, options.version ?? environment.keycloak.version),
    makeLoadBalancer(environment, options.targets ?? ["172.31.0.10", "172.31.16.10"]),
    makeDatabase(
      new RDSClient(client),
      namePrefix(name),
      {
        EngineVersion: engineVersion,
        DeletionProtection: deletionProtection,
        ServerlessV2ScalingConfiguration: serverless && {
          MinCapacity: serverless.minCapacity,
          MaxCapacity: serverless.maxCapacity,
        },
      },
      { count: instances, instanceClass },
    ),
    makeAlarms(environment),
    new CloudWatchLogsClient(client).send(new CreateLogGroupCommand({ logGroupName: logGroupName(name) })),
    new SSMClient(client).send(
      new PutParameterCommand({ Name: secretNames(name).adminPassword, Value: ADMIN_PASSWORD, Type: "SecureString" }),
    ),
  ]);
}

/** The image, and tasks that run it. */
async function makeTasks(environment: EnvironmentOnAws, version: string): Promise<void> {
  const client = clientOptions(environment.aws.region);
  const prefix = namePrefix(environment.name);
  const recipe = imageRecipe(environment);
  const ecr = new ECRClient(client);
  const { uri } = await makeRepository(ecr, prefix);
  const digest = await pushImage(ecr, prefix, contentTag(recipe));
  const built = { version, buildOptions: recipe.buildOptions };
  await makeService(new ECSClient(client), prefix, {
    container: containerOf(environment, { image: `${uri}@${digest}`, built }),
  });
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

/** The alarms, which are all quiet, and their topic. */
export async function makeAlarms({ name, aws }: EnvironmentOnAws): Promise<void> {
  const prefix = namePrefix(name);
  const client = clientOptions(aws.region);
  const sns = new SNSClient(client);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: alarmTopicName(prefix) }));
  const { alarmEmail } = aws.monitoring;
  if (alarmEmail) await sns.send(new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: alarmEmail }));
  const cloudWatch = new CloudWatchClient(client);
  const { instances, serverless } = aws.database;
  for (const AlarmName of alarmNames(prefix, { instances, isServerless: Boolean(serverless) }))
    await cloudWatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        AlarmDescription: `What ${AlarmName} means.`,
        Namespace: "Test",
        MetricName: "Test",
        Statistic: "Sum",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 0,
        ComparisonOperator: "GreaterThanThreshold",
        AlarmActions: [TopicArn!],
      }),
    );
}
