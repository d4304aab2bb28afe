import { alarmTopicName, backupBucketName, logGroupName, secretNames } from "../../../../constructs/names.ts";
import { actions, IDS, type ActionGroup, type Arns } from "./group.ts";

const ECS_TASKS = "ecs-tasks.amazonaws.com";

/** Image, secrets, key, database, and the tasks with their roles. */
export function serviceActions(arns: Arns): ActionGroup[] {
  const { name, environment } = arns;
  const { database, backup } = environment.aws;
  const major = database.engineVersion.split(".")[0];
  return [
    {
      resources: arns.regional("ecr", `repository/${name}`),
      deploy: actions(
        "ecr",
        "CreateRepository DescribeRepositories PutLifecyclePolicy GetLifecyclePolicy TagResource ListTagsForResource",
        "DescribeImages GetAuthorizationToken", // and what a push is made of:
        "BatchCheckLayerAvailability InitiateLayerUpload UploadLayerPart CompleteLayerUpload PutImage BatchGetImage",
      ),
      destroy: actions("ecr", "DeleteRepository DeleteLifecyclePolicy BatchDeleteImage"),
    },
    {
      resources: arns.regional("ssm", ...Object.values(secretNames(environment.name)).map((one) => `parameter${one}`)),
      deploy: actions("ssm", "DescribeParameters PutParameter GetParameter"),
      destroy: actions("ssm", "DeleteParameter"),
    },
    {
      resources: arns.regional("kms", `key/${IDS.uuid}`, `alias/${name}`),
      deploy: actions(
        "kms",
        "CreateKey CreateAlias DescribeKey EnableKeyRotation GetKeyRotationStatus PutKeyPolicy GetKeyPolicy",
        "TagResource ListResourceTags ListAliases CreateGrant GenerateDataKey Decrypt",
      ),
      destroy: actions("kms", "ScheduleKeyDeletion DeleteAlias"),
    },
    {
      resources: [
        ...arns.regional(
          "rds",
          `cluster:${name}`,
          `db:${name}-1`,
          `subgrp:${name}`,
          `cluster-pg:${name}-postgresql${major}`,
        ),
        ...arns.global("rds", `global-cluster:${name}`), // Terraform asks whether the cluster is part of one
      ],
      deploy: actions(
        "rds",
        "CreateDBSubnetGroup CreateDBClusterParameterGroup ModifyDBClusterParameterGroup CreateDBCluster",
        "CreateDBInstance AddTagsToResource ListTagsForResource DescribeDBSubnetGroups",
        "DescribeDBClusterParameterGroups DescribeDBClusterParameters DescribeDBClusters DescribeDBInstances",
        "DescribeGlobalClusters",
        database.restoreFromSnapshot && "RestoreDBClusterFromSnapshot ModifyDBCluster",
      ),
      destroy: actions(
        "rds",
        "DeleteDBCluster DeleteDBInstance DeleteDBSubnetGroup DeleteDBClusterParameterGroup",
        database.finalSnapshot && "CreateDBClusterSnapshot",
      ),
    },
    arns.passRole("database-monitoring", "monitoring.rds.amazonaws.com"),
    {
      resources: arns.regional("ecs", `cluster/${name}`, `service/${name}/${name}`, `task-definition/${name}:1`),
      deploy: actions(
        "ecs",
        "CreateCluster PutClusterCapacityProviders RegisterTaskDefinition CreateService UpdateService TagResource",
        "DescribeClusters DescribeServices DescribeTaskDefinition",
      ),
      destroy: actions(
        "ecs",
        "DeleteService DeleteCluster",
        backup.enabled && "DeregisterTaskDefinition", // a new image replaces the tasks that back up
      ),
    },
    {
      resources: arns.regional("application-autoscaling", "scalable-target/0"),
      deploy: actions(
        "application-autoscaling",
        "RegisterScalableTarget PutScalingPolicy DescribeScalableTargets DescribeScalingPolicies",
        "TagResource ListTagsForResource",
      ),
      destroy: actions("application-autoscaling", "DeregisterScalableTarget DeleteScalingPolicy"),
    },
    {
      resources: arns.global("iam", `role/${name}-execution`, `role/${name}-task`),
      deploy: actions(
        "iam",
        "CreateRole GetRole TagRole PutRolePolicy GetRolePolicy AttachRolePolicy",
        "ListRolePolicies ListAttachedRolePolicies",
      ),
      destroy: actions("iam", "DeleteRole DeleteRolePolicy DetachRolePolicy ListInstanceProfilesForRole"),
    },
    arns.passRole("execution", ECS_TASKS),
    ...(backup.enabled ? [arns.passRole("backup-agent", ECS_TASKS)] : []),
  ];
}

/** Logs, alarms, and buckets: of access logs, of backups, of Terraform's state. */
export function dataActions(arns: Arns): ActionGroup[] {
  const { name, account, environment } = arns;
  const { waf, monitoring, backup, state } = environment.aws;
  const logGroup = `log-group:${logGroupName(environment.name)}`;
  return [
    {
      resources: arns.regional("logs", logGroup, `${logGroup}:*`),
      deploy: actions(
        "logs",
        "CreateLogGroup PutRetentionPolicy AssociateKmsKey DescribeLogGroups TagResource ListTagsForResource",
        "PutMetricFilter DescribeMetricFilters",
        waf.enabled && "CreateLogDelivery PutResourcePolicy DescribeResourcePolicies",
      ),
      destroy: actions("logs", "DeleteLogGroup DeleteMetricFilter"),
    },
    {
      resources: [
        ...arns.regional("cloudwatch", `alarm:${name}-cluster-split`),
        ...arns.global("cloudwatch", `dashboard/${name}`),
      ],
      deploy: actions(
        "cloudwatch",
        "PutMetricAlarm DescribeAlarms PutDashboard GetDashboard TagResource ListTagsForResource",
      ),
      destroy: actions("cloudwatch", "DeleteAlarms DeleteDashboards"),
    },
    {
      resources: arns.regional("sns", alarmTopicName(name)),
      deploy: actions(
        "sns",
        "CreateTopic SetTopicAttributes GetTopicAttributes TagResource ListTagsForResource",
        monitoring.alarmEmail && "Subscribe GetSubscriptionAttributes",
      ),
      destroy: actions("sns", "DeleteTopic", monitoring.alarmEmail && "Unsubscribe"),
    },
    bucket(`${name}-logs-${account}`),
    ...(backup.enabled ? [bucket(backupBucketName(name, account))] : []),
    ...(state
      ? [
          {
            resources: [
              `arn:aws:s3:::${state.bucket}`,
              `arn:aws:s3:::${state.bucket}/keycloak/${environment.name}/${environment.name}-keycloak.tfstate`,
            ],
            deploy: actions("s3", "ListBucket GetObject PutObject DeleteObject"), // the last one unlocks
          },
        ]
      : []),
    ...(state?.kmsKeyArn ? [{ resources: [state.kmsKeyArn], deploy: actions("kms", "GenerateDataKey Decrypt") }] : []),
  ];
}

/** Terraform reads everything of a bucket, also what nobody set. */
function bucket(name: string): ActionGroup {
  return {
    resources: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/object`],
    deploy: actions(
      "s3",
      "CreateBucket ListBucket PutBucketOwnershipControls PutBucketPublicAccessBlock PutEncryptionConfiguration",
      "PutBucketVersioning PutLifecycleConfiguration PutBucketPolicy PutBucketTagging",
      "GetBucketOwnershipControls GetBucketPublicAccessBlock GetEncryptionConfiguration GetBucketVersioning",
      "GetLifecycleConfiguration GetBucketPolicy GetBucketTagging GetBucketAcl GetBucketCORS GetBucketWebsite",
      "GetBucketLogging GetAccelerateConfiguration GetReplicationConfiguration GetBucketRequestPayment",
      "GetBucketObjectLockConfiguration",
    ),
    destroy: actions("s3", "DeleteBucket DeleteBucketPolicy ListBucketVersions DeleteObject DeleteObjectVersion"),
  };
}
