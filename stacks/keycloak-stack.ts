import { DataAwsEcrImage } from "@cdktf/provider-aws/lib/data-aws-ecr-image";
import type { Construct } from "constructs";
import { LoadBalancer } from "../constructs/alb/index.ts";
import { listenerRules } from "../constructs/alb/listener-rules.ts";
import { Aurora } from "../constructs/aurora.ts";
import { BackupBucket } from "../constructs/backup/bucket.ts";
import { BackupTasks } from "../constructs/backup/index.ts";
import { KeycloakService } from "../constructs/ecs/index.ts";
import { EncryptionKey } from "../constructs/encryption-key.ts";
import { logGroup } from "../constructs/log-group.ts";
import { Monitoring } from "../constructs/monitoring/index.ts";
import { logGroupName, secretNames } from "../constructs/names.ts";
import { Secrets } from "../constructs/secrets.ts";
import { DATABASE_PORT, SecurityGroups } from "../constructs/security-groups.ts";
import { VpcEndpoints } from "../constructs/vpc/endpoints.ts";
import { FlowLogs } from "../constructs/vpc/flow-logs.ts";
import { Vpc, type Network } from "../constructs/vpc/index.ts";
import { Waf } from "../constructs/waf.ts";
import type { EnvironmentOnAws } from "../environments/schema/on-aws.ts";
import { contentTag } from "../keycloak-image/content.ts";
import { imageRecipe } from "../keycloak-image/recipe.ts";
import { AwsStack } from "./aws-stack.ts";

/** Keycloak and all it runs on, `<environment>-keycloak`. Its image is in the registry stack's repository. */
export class KeycloakStack extends AwsStack {
  constructor(scope: Construct, environment: EnvironmentOnAws) {
    super(scope, `${environment.name}-keycloak`, environment);
    const { aws, keycloak, realm } = this.environment;
    const { prefix: name, accountId } = this;
    const { region } = aws;

    const key = new EncryptionKey(this, "encryption-key", { name, region, accountId });
    const logs = { retentionDays: aws.monitoring.logRetentionDays, kmsKeyArn: key.arn };
    const log = logGroup(this, "log-group", logGroupName(environment.name), logs);
    const secrets = new Secrets(this, "secrets", { region, accountId, names: secretNames(environment.name) });

    const network = this.network(key);
    const securityGroups = new SecurityGroups(this, "security-groups", {
      name,
      vpcId: network.vpcId,
      clientCidrs: aws.loadBalancer.clientCidrs,
      taskEgressPorts: aws.service.egressPorts,
      endpoints: this.hasInterfaceEndpoints,
    });
    const backups = aws.backup.enabled ? this.backupBucket(key) : undefined;
    if (network instanceof Vpc) this.endpoints(network, securityGroups, backups);

    const database = new Aurora(this, "database", {
      ...aws.database,
      name,
      accountId,
      subnetIds: network.privateSubnetIds,
      securityGroupId: securityGroups.databaseId,
      password: secrets.databasePassword,
      kmsKeyArn: aws.database.kmsKey === "own" ? key.arn : undefined,
      logs,
    });
    const loadBalancer = new LoadBalancer(this, "load-balancer", {
      ...aws.loadBalancer,
      name,
      accountId,
      vpcId: network.vpcId,
      subnetIds: aws.loadBalancer.internal ? network.privateSubnetIds : network.publicSubnetIds,
      securityGroupId: securityGroups.loadBalancerId,
      domain: new URL(keycloak.url).hostname,
      zoneId: aws.loadBalancer.zone?.id,
      firewalled: aws.waf.enabled,
      rules: listenerRules({ realm: realm.name, adminCidrs: aws.adminCidrs }),
    });
    if (aws.waf.enabled) new Waf(this, "waf", { ...aws.waf, name, loadBalancerArn: loadBalancer.arn, logs });

    const image = this.image();
    const repositoryArn = `arn:aws:ecr:${region}:${accountId}:repository/${name}`;
    const databaseAccess = {
      host: database.endpoint,
      port: DATABASE_PORT,
      name: Aurora.DATABASE,
      user: Aurora.DATABASE,
    };
    const service = new KeycloakService(this, "service", {
      ...aws.service,
      name,
      region,
      accountId,
      image: image.imageUri,
      repositoryArn,
      logGroup: log.name,
      logGroupArn: log.arn,
      url: keycloak.url,
      built: imageRecipe(this.environment),
      jdbcDriver: aws.database.jdbcDriver,
      database: databaseAccess,
      secretArns: secrets.arns,
      subnetIds: network.privateSubnetIds,
      securityGroupId: securityGroups.tasksId,
      targetGroupArn: loadBalancer.targetGroupArn,
      after: [...loadBalancer.ready, ...database.ready],
    });
    if (backups)
      new BackupTasks(this, "backup", {
        ...aws.backup,
        name,
        region,
        accountId,
        cpu: aws.service.cpu,
        memory: aws.service.memory,
        architecture: aws.service.architecture,
        image: image.imageUri,
        repositoryArn,
        realm: realm.name,
        jdbcDriver: aws.database.jdbcDriver,
        database: databaseAccess,
        databasePasswordArn: secrets.arns.databasePassword,
        bucket: backups.bucket,
        bucketArn: backups.arn,
        kmsKeyArn: key.arn,
        logGroup: log.name,
        logGroupArn: log.arn,
        after: backups.ready,
      });
    const monitoring = new Monitoring(this, "monitoring", {
      name,
      region,
      accountId,
      kmsKeyArn: key.arn,
      logGroupName: log.name,
      alarmEmail: aws.monitoring.alarmEmail,
      watched: {
        clusterName: service.clusterName,
        serviceName: service.serviceName,
        databaseCluster: database.clusterIdentifier,
        databaseInstances: database.instanceIdentifiers,
        maxCapacity: aws.database.serverless?.maxCapacity,
        loadBalancer: loadBalancer.arnSuffix,
        targetGroup: loadBalancer.targetGroupArnSuffix,
      },
    });

    this.output("url", keycloak.url, "Where people and MCP clients reach Keycloak");
    this.output("issuer", `${keycloak.url}/realms/${realm.name}`, "Issuer of the realm's tokens");
    this.output("load_balancer_dns_name", loadBalancer.dnsName, "What the domain's DNS record points to");
    this.output("cluster_name", service.clusterName, "ECS cluster");
    this.output("service_name", service.serviceName, "ECS service");
    this.output("image", image.imageUri, "Image that the tasks run, with its digest");
    this.output("log_group", log.name, "Log of Keycloak");
    this.output("database_cluster", database.clusterIdentifier, "Aurora cluster");
    this.output("database_endpoint", database.endpoint, "Host of the database, reachable from the tasks only");
    this.output("alarm_topic_arn", monitoring.alarmTopicArn, "SNS topic that alarms go to");
    this.output("dashboard_name", monitoring.dashboardName, "CloudWatch dashboard");
    this.output(
      "admin_password_parameter",
      secretNames(environment.name).adminPassword,
      "SSM parameter, not its value",
    );
  }

  private get hasInterfaceEndpoints(): boolean {
    const { network } = this.environment.aws;
    return network.kind === "own" && network.interfaceEndpoints;
  }

  private network(key: EncryptionKey): Network {
    const { network } = this.environment.aws;
    if (network.kind === "existing") return { publicSubnetIds: [], ...network };
    const { prefix: name, accountId } = this;
    const vpc = new Vpc(this, "vpc", { ...network, name });
    if (network.flowLogRetentionDays > 0)
      new FlowLogs(this, "flow-logs", {
        name,
        accountId,
        vpcId: vpc.vpcId,
        retentionDays: network.flowLogRetentionDays,
        kmsKeyArn: key.arn,
      });
    return vpc;
  }

  private backupBucket(key: EncryptionKey): BackupBucket {
    const { backup, database } = this.environment.aws;
    return new BackupBucket(this, "backup-bucket", {
      name: this.prefix,
      accountId: this.accountId,
      kmsKeyArn: key.arn,
      retentionDays: backup.retentionDays,
      deletionProtection: database.deletionProtection,
    });
  }

  private endpoints(vpc: Vpc, { endpointsId }: SecurityGroups, backups?: BackupBucket): void {
    const { region, service } = this.environment.aws;
    new VpcEndpoints(this, "endpoints", {
      name: this.prefix,
      region,
      vpcId: vpc.vpcId,
      routeTableIds: vpc.privateRouteTableIds,
      bucketArn: backups?.arn,
      interfaces: endpointsId
        ? { subnetIds: vpc.privateSubnetIds, securityGroupId: endpointsId, exec: service.exec }
        : undefined,
    });
  }

  /** The image by its digest: what a tag means is looked up once, in the plan, where it can be reviewed. */
  private image(): DataAwsEcrImage {
    const { digest, tag = contentTag(imageRecipe(this.environment)) } = this.environment.aws.image;
    return new DataAwsEcrImage(this, "keycloak-image", {
      repositoryName: this.prefix,
      ...(digest ? { imageDigest: digest } : { imageTag: tag }),
    });
  }
}
