import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { RdsCluster } from "@cdktf/provider-aws/lib/rds-cluster";
import { RdsClusterInstance } from "@cdktf/provider-aws/lib/rds-cluster-instance";
import { RdsClusterParameterGroup } from "@cdktf/provider-aws/lib/rds-cluster-parameter-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { accept } from "./accepted-finding.ts";
import { logGroup, type LogRetention } from "./log-group.ts";
import { serviceRole } from "./service-role.ts";

/** Props of {@link Aurora}. */
export interface AuroraProps {
  /** Identifier of the cluster; its instances are `<name>-1` and so on. */
  readonly name: string;
  readonly accountId: string;
  /** Private subnets in two or more Availability Zones. */
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  /** Release of Aurora PostgreSQL, such as `16.8`. */
  readonly engineVersion: string;
  /** `db.serverless`, or a provisioned class. */
  readonly instanceClass: string;
  /** Bounds of a serverless instance in ACU. @default - the instances are provisioned */
  readonly serverless?: { readonly minCapacity: number; readonly maxCapacity: number };
  /** How many, each in another zone as far as there are zones; the first one writes. */
  readonly instances: number;
  /** Password of the database user: an ephemeral value. */
  readonly password: string;
  /** Raised when the password is another. */
  readonly passwordVersion: number;
  /** Key that encrypts the storage. @default - AWS's own key aws/rds */
  readonly kmsKeyArn?: string;
  /** Days. */
  readonly backupRetentionDays: number;
  /** Daily, in UTC: `03:00-04:00`. */
  readonly backupWindow: string;
  /** Weekly, in UTC: `sun:04:30-sun:05:30`. */
  readonly maintenanceWindow: string;
  /** AWS refuses to delete it. */
  readonly deletionProtection: boolean;
  /** Deleting it takes a last snapshot, `<name>-final`. */
  readonly finalSnapshot: boolean;
  /** Snapshot to begin with. @default - an empty database */
  readonly restoreFromSnapshot?: string;
  /** Database Insights: 7 days of history (free), or 15 months. */
  readonly insights: "standard" | "advanced";
  /** Of the database's own log. */
  readonly logs: LogRetention;
}

/** Days of Performance Insights that each mode of Database Insights keeps. */
const INSIGHTS_DAYS = { standard: 7, advanced: 465 } as const;

const AWS_KEY_CHOSEN = "encrypted with AWS's own key by the environment's setting kmsKey";

/** Aurora PostgreSQL, Serverless v2 by default, with the database and user `keycloak`. */
export class Aurora extends Construct {
  /** Name and user of Keycloak's database. */
  static readonly DATABASE = "keycloak";

  readonly clusterIdentifier: string;
  /** Host name of the instance that writes. */
  readonly endpoint: string;
  readonly instanceIdentifiers: readonly string[];
  /** What must be there before somebody can connect: the cluster has its endpoint minutes before its instances. */
  readonly ready: ITerraformDependable[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AuroraProps,
  ) {
    super(scope, id);
    const subnetGroup = new DbSubnetGroup(this, "subnet-group", { name: props.name, subnetIds: [...props.subnetIds] });
    const parameters = this.parameterGroup();
    // Made before the cluster, which would make it without an end to its retention.
    const log = logGroup(this, "log-group", `/aws/rds/cluster/${props.name}/postgresql`, props.logs);
    const cluster = this.cluster(subnetGroup, parameters, log);
    const instances = this.instances(cluster);

    this.clusterIdentifier = cluster.clusterIdentifier;
    this.endpoint = cluster.endpoint;
    this.instanceIdentifiers = instances.map((instance) => instance.identifier);
    this.ready = instances;
  }

  private parameterGroup(): RdsClusterParameterGroup {
    const major = this.props.engineVersion.split(".")[0]!;
    return new RdsClusterParameterGroup(this, "parameters", {
      // The family is part of the name: an upgrade to the next major version makes a group beside the old one.
      name: `${this.props.name}-postgresql${major}`,
      family: `aurora-postgresql${major}`,
      description: "TLS for every connection; slow statements and changes of the schema are logged",
      parameter: [
        { name: "rds.force_ssl", value: "1" },
        { name: "log_min_duration_statement", value: "1000" }, // milliseconds
        { name: "log_statement", value: "ddl" },
      ],
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private cluster(
    subnetGroup: DbSubnetGroup,
    parameters: RdsClusterParameterGroup,
    log: CloudwatchLogGroup,
  ): RdsCluster {
    const { props } = this;
    const cluster = new RdsCluster(this, "cluster", {
      clusterIdentifier: props.name,
      engine: "aurora-postgresql",
      engineVersion: props.engineVersion,
      serverlessv2ScalingConfiguration: props.serverless && { ...props.serverless },
      databaseName: Aurora.DATABASE,
      masterUsername: Aurora.DATABASE,
      masterPasswordWo: props.password,
      masterPasswordWoVersion: props.passwordVersion,
      dbSubnetGroupName: subnetGroup.name,
      vpcSecurityGroupIds: [props.securityGroupId],
      dbClusterParameterGroupName: parameters.name,
      iamDatabaseAuthenticationEnabled: true, // for people who look after it, without a password
      storageEncrypted: true,
      kmsKeyId: props.kmsKeyArn,
      snapshotIdentifier: props.restoreFromSnapshot,
      backupRetentionPeriod: props.backupRetentionDays,
      preferredBackupWindow: props.backupWindow,
      preferredMaintenanceWindow: props.maintenanceWindow,
      copyTagsToSnapshot: true,
      deletionProtection: props.deletionProtection,
      skipFinalSnapshot: !props.finalSnapshot,
      finalSnapshotIdentifier: props.finalSnapshot ? `${props.name}-final` : undefined,
      enabledCloudwatchLogsExports: ["postgresql"],
      databaseInsightsMode: props.insights,
      ...this.performanceInsights,
      applyImmediately: true,
      allowMajorVersionUpgrade: true, // AWS refuses engineVersion "17.x" after "16.x" without; the plan shows it
      dependsOn: [log],
      // AWS keeps a protected cluster, and lets its instances go, which Terraform replaces first: the plan must fail.
      lifecycle: { preventDestroy: props.deletionProtection },
    });
    accept(
      cluster,
      "CKV2_AWS_8",
      "Aurora's own continuous backups are kept; a plan of AWS Backup is the account's choice",
    );
    if (!props.deletionProtection)
      accept(cluster, "CKV_AWS_139", "an environment that may go: deletionProtection is off by its own setting");
    if (!props.kmsKeyArn) accept(cluster, "CKV_AWS_327", AWS_KEY_CHOSEN);
    return cluster;
  }

  /** Of the cluster, which decides for new instances, and of each instance, which else would look different. */
  private get performanceInsights() {
    return {
      performanceInsightsEnabled: true,
      performanceInsightsRetentionPeriod: INSIGHTS_DAYS[this.props.insights],
      performanceInsightsKmsKeyId: this.props.kmsKeyArn,
    };
  }

  private instances(cluster: RdsCluster): RdsClusterInstance[] {
    const { props } = this;
    const monitoring = serviceRole(this, "monitoring-role", {
      name: `${props.name}-database-monitoring`,
      service: "monitoring.rds.amazonaws.com",
      accountId: props.accountId,
      policies: {},
    });
    const mayMonitor = new IamRolePolicyAttachment(this, "monitoring-role-may-write-metrics", {
      role: monitoring.name,
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    });
    return Array.from({ length: props.instances }, (_, index) => {
      const instance = new RdsClusterInstance(this, `instance-${index + 1}`, {
        identifier: `${props.name}-${index + 1}`,
        clusterIdentifier: cluster.id,
        engine: cluster.engine,
        engineVersion: cluster.engineVersion,
        instanceClass: props.instanceClass,
        promotionTier: index,
        publiclyAccessible: false,
        autoMinorVersionUpgrade: false,
        ...this.performanceInsights,
        monitoringInterval: 60, // seconds
        monitoringRoleArn: monitoring.arn,
        copyTagsToSnapshot: true,
        applyImmediately: true,
        dependsOn: [mayMonitor],
      });
      if (!props.kmsKeyArn) accept(instance, "CKV_AWS_354", AWS_KEY_CHOSEN);
      accept(
        instance,
        "CKV_AWS_226",
        "the release is the environment's engineVersion: an upgrade is reviewed, and Terraform would undo AWS's",
      );
      return instance;
    });
  }
}
