import { describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { Aurora, type AuroraProps } from "../../constructs/aurora.ts";
import { synthConstruct } from "../support/template.ts";

const KEY = "arn:aws:kms:eu-central-1:111122223333:key/1";

const PROPS: AuroraProps = {
  name: "keycloak-test",
  accountId: "111122223333",
  subnetIds: ["subnet-1", "subnet-2"],
  securityGroupId: "sg-1",
  engineVersion: "16.8",
  instanceClass: "db.serverless",
  serverless: { minCapacity: 0.5, maxCapacity: 4 },
  instances: 2,
  password: "${ephemeral.aws_ssm_parameter.database_password.value}",
  passwordVersion: 3,
  kmsKeyArn: KEY,
  backupRetentionDays: 7,
  backupWindow: "03:00-04:00",
  maintenanceWindow: "sun:04:30-sun:05:30",
  deletionProtection: true,
  finalSnapshot: true,
  insights: "standard",
  logs: { retentionDays: 30, kmsKeyArn: KEY },
};

const aurora = (changes: Partial<AuroraProps> = {}) =>
  synthConstruct((scope) => new Aurora(scope, "database", { ...PROPS, ...changes }));
const cluster = (changes: Partial<AuroraProps> = {}) => aurora(changes).byId("aws_rds_cluster").database_cluster!;
const instances = (changes: Partial<AuroraProps> = {}) => aurora(changes).byId("aws_rds_cluster_instance");

describe("the cluster", () => {
  test("is Aurora PostgreSQL of the release that was asked for, with Keycloak's database and user", () => {
    expect(cluster()).toMatchObject({
      cluster_identifier: "keycloak-test",
      engine: "aurora-postgresql",
      engine_version: "16.8",
      database_name: "keycloak",
      master_username: "keycloak",
    });
    expect(Aurora.DATABASE).toBe("keycloak"); // what Keycloak is told
  });

  test("is in the private subnets, behind its security group", () => {
    expect(aurora().byId("aws_db_subnet_group")).toMatchObject({
      "database_subnet-group": { subnet_ids: ["subnet-1", "subnet-2"] },
    });
    expect(cluster()).toMatchObject({
      db_subnet_group_name: "${aws_db_subnet_group.database_subnet-group.name}",
      vpc_security_group_ids: ["sg-1"],
    });
  });

  test("[secrets.nowhere] takes its password by the argument that is in no state, and again when the version is another", () => {
    expect(cluster()).toMatchObject({ master_password_wo: PROPS.password, master_password_wo_version: 3 });
    expect(cluster()).not.toHaveProperty("master_password");
    expect(cluster()).not.toHaveProperty("manage_master_user_password"); // RDS would rotate it under running tasks
  });

  test("is backed up for so many days, and patched and backed up when the environment says", () => {
    expect(cluster({ backupRetentionDays: 35 })).toMatchObject({
      backup_retention_period: 35,
      preferred_backup_window: "03:00-04:00",
      preferred_maintenance_window: "sun:04:30-sun:05:30",
      copy_tags_to_snapshot: true,
    });
  });

  test("begins with a snapshot only where one is named", () => {
    expect(cluster()).not.toHaveProperty("snapshot_identifier");
    expect(cluster({ restoreFromSnapshot: "before-the-accident" }).snapshot_identifier).toBe("before-the-accident");
  });

  test("is changed when the change is deployed and watched, not in a window at night", () => {
    for (const one of [cluster(), ...Object.values(instances())]) expect(one.apply_immediately).toBe(true);
  });

  test("lets people in with IAM instead of a password", () => {
    expect(cluster().iam_database_authentication_enabled).toBe(true);
  });
});

describe("deletion", () => {
  test("is refused by AWS where the database is protected, and never without a last snapshot", () => {
    expect(cluster()).toMatchObject({
      deletion_protection: true,
      skip_final_snapshot: false,
      final_snapshot_identifier: "keycloak-test-final",
      lifecycle: { prevent_destroy: true }, // AWS alone would let the instances go
    });
  });

  test("takes the last snapshot also after somebody has taken the protection off, as one does to delete it", () => {
    expect(cluster({ deletionProtection: false })).toMatchObject({
      deletion_protection: false,
      skip_final_snapshot: false,
    });
  });

  test("goes quietly where there is neither", () => {
    const unprotected = cluster({ deletionProtection: false, finalSnapshot: false });
    expect(unprotected).toMatchObject({
      deletion_protection: false,
      skip_final_snapshot: true,
      lifecycle: { prevent_destroy: false },
    });
    expect(unprotected).not.toHaveProperty("final_snapshot_identifier");
  });
});

describe("capacity", () => {
  test("of Serverless v2 is within the bounds, in ACU", () => {
    expect(cluster().serverlessv2_scaling_configuration).toEqual({ min_capacity: 0.5, max_capacity: 4 });
    for (const one of Object.values(instances())) expect(one.instance_class).toBe("db.serverless");
  });

  test("of a provisioned class has no bounds: AWS would take them for a second, serverless, kind of instance", () => {
    const provisioned = { instanceClass: "db.r8g.large", serverless: undefined };
    expect(cluster(provisioned)).not.toHaveProperty("serverlessv2_scaling_configuration");
    for (const one of Object.values(instances(provisioned))) expect(one.instance_class).toBe("db.r8g.large");
  });
});

describe("the instances", () => {
  test.each([1, 2, 3])("are %d, as many as were asked for, in the cluster and of its release", (count) => {
    const all = Object.entries(instances({ instances: count }));
    expect(all).toHaveLength(count);
    for (const [index, [id, one]] of all.entries()) {
      expect(id).toBe(`database_instance-${index + 1}`);
      expect(one).toMatchObject({
        identifier: `keycloak-test-${index + 1}`,
        cluster_identifier: "${aws_rds_cluster.database_cluster.id}",
        engine: "${aws_rds_cluster.database_cluster.engine}",
        engine_version: "${aws_rds_cluster.database_cluster.engine_version}",
        promotion_tier: index, // the first one is promoted first
      });
    }
  });

  test("are reachable from inside only, and never upgraded behind Terraform's back", () => {
    for (const one of Object.values(instances()))
      expect(one).toMatchObject({ publicly_accessible: false, auto_minor_version_upgrade: false });
  });

  test("are measured every minute, once their role may write that down", () => {
    expect(aurora().statements("database_monitoring-role-trust")).toMatchObject([
      { principals: [{ identifiers: ["monitoring.rds.amazonaws.com"] }] },
    ]);
    expect(aurora().byId("aws_iam_role_policy_attachment")["database_monitoring-role-may-write-metrics"]).toEqual({
      role: "${aws_iam_role.database_monitoring-role.name}",
      policy_arn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    });
    for (const one of Object.values(instances()))
      expect(one).toMatchObject({
        monitoring_interval: 60,
        monitoring_role_arn: "${aws_iam_role.database_monitoring-role.arn}",
        depends_on: ["aws_iam_role_policy_attachment.database_monitoring-role-may-write-metrics"],
      });
  });

  test("are what a client of the database waits for: the cluster has its address minutes before one answers there", () => {
    const { ready, endpoint } = synthConstruct((scope) => {
      const { ready, endpoint } = new Aurora(scope, "database", PROPS);
      new TerraformOutput(scope, "ready", { value: ready.map(({ fqn }) => fqn) });
      new TerraformOutput(scope, "endpoint", { value: endpoint });
    }).outputs();
    expect(endpoint).toBe("${aws_rds_cluster.database_cluster.endpoint}");
    expect(ready).toEqual([1, 2].map((number) => `\${aws_rds_cluster_instance.database_instance-${number}}`));
  });
});

describe("encryption", () => {
  test.each([
    ["the environment's own key", KEY, KEY],
    ["AWS's key, where none is given", undefined, undefined],
  ])("is by %s: storage and Performance Insights", (_, kmsKeyArn, expected) => {
    expect(cluster({ kmsKeyArn }).storage_encrypted).toBe(true);
    expect(cluster({ kmsKeyArn }).kms_key_id).toBe(expected);
    for (const one of [cluster({ kmsKeyArn }), ...Object.values(instances({ kmsKeyArn }))])
      expect(one.performance_insights_kms_key_id).toBe(expected);
  });
});

describe("insights", () => {
  // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DatabaseInsights.html: advanced needs 465 days.
  test.each([
    ["standard", 7],
    ["advanced", 465],
  ] as const)("%s keep %d days, in the cluster and in each instance: AWS refuses other pairs", (insights, days) => {
    expect(cluster({ insights }).database_insights_mode).toBe(insights);
    for (const one of [cluster({ insights }), ...Object.values(instances({ insights }))])
      expect(one).toMatchObject({
        performance_insights_enabled: true,
        performance_insights_retention_period: days,
      });
  });
});

describe("the parameters", () => {
  const parameters = (engineVersion = "16.8") => aurora({ engineVersion }).resource("aws_rds_cluster_parameter_group");

  test("refuse every connection without TLS, and have slow statements and changes of the schema logged", () => {
    expect(parameters().parameter).toEqual([
      { name: "rds.force_ssl", value: "1" },
      { name: "log_min_duration_statement", value: "1000" },
      { name: "log_statement", value: "ddl" },
    ]);
    expect(cluster().db_cluster_parameter_group_name).toBe(
      "${aws_rds_cluster_parameter_group.database_parameters.name}",
    );
  });

  test.each(["14.17", "16.8", "17.4"])("of release %s are of its major version, in name and family", (release) => {
    const major = release.slice(0, 2);
    expect(parameters(release)).toMatchObject({
      name: `keycloak-test-postgresql${major}`,
      family: `aurora-postgresql${major}`,
      lifecycle: { create_before_destroy: true }, // the cluster uses the old group until it has the new one
    });
  });

  test("are described as they always were: another description replaces the group, and its name is taken", () => {
    expect(parameters().description).toBe(
      "TLS for every connection; slow statements and changes of the schema are logged",
    );
  });
});

test("the log is exported to a group that was there first: one that RDS makes is never emptied, and not encrypted", () => {
  expect(cluster()).toMatchObject({
    enabled_cloudwatch_logs_exports: ["postgresql"],
    depends_on: ["aws_cloudwatch_log_group.database_log-group"],
  });
  expect(aurora().byId("aws_cloudwatch_log_group")).toMatchObject({
    "database_log-group": {
      name: "/aws/rds/cluster/keycloak-test/postgresql", // RDS writes to this name, whatever else there is
      retention_in_days: 30,
      kms_key_id: KEY,
    },
  });
});
