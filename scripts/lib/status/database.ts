import { DescribeDBInstancesCommand, RDSClient, type DBCluster, type DBInstance } from "@aws-sdk/client-rds";
import { namePrefix } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { askAws, clientOptions } from "../aws/ask.ts";
import { describeDatabase } from "../aws/database.ts";
import type { RowStatus } from "../terminal/row-status.ts";
import { momentAgo, isWithin } from "../terminal/time.ts";
import type { StatusContext } from "./context.ts";
import { NotThere, type Finding } from "./row.ts";

/** Whether the database serves, can be restored, and is as the environment wants it. */
export async function lookAtDatabase({ environment, signal }: StatusContext): Promise<Finding[]> {
  const { name, aws } = environment;
  const rds = new RDSClient(clientOptions(aws.region));
  const identifier = namePrefix(name);
  const cluster = await describeDatabase(environment, signal, rds);
  if (!cluster) throw new NotThere(`there is no database "${identifier}" in ${aws.region}: npm run deploy -- ${name}`);
  const Filters = [{ Name: "db-cluster-id", Values: [identifier] }];
  const { DBInstances = [] } = await askAws("rds:DescribeDBInstances", signal, () =>
    rds.send(new DescribeDBInstancesCommand({ Filters }), { abortSignal: signal }),
  );
  return [
    clusterRow(cluster, environment),
    ...instanceRows(cluster, DBInstances),
    restorable(cluster),
    pending(cluster),
  ];
}

function clusterRow(cluster: DBCluster, { name, aws }: EnvironmentOnAws): Finding {
  const { Status = "unknown", EngineVersion = "", DeletionProtection = false } = cluster;
  const { MinCapacity, MaxCapacity } = cluster.ServerlessV2ScalingConfiguration ?? {};
  const wanted = aws.database;
  const unlike = [
    ...(EngineVersion === wanted.engineVersion ? [] : [`engineVersion "${wanted.engineVersion}"`]),
    ...(DeletionProtection === wanted.deletionProtection ? [] : [`deletionProtection ${wanted.deletionProtection}`]),
  ];
  const parts = [
    Status,
    `${cluster.Engine} ${EngineVersion}`,
    MaxCapacity === undefined ? "provisioned" : `${MinCapacity} to ${MaxCapacity} ACU`,
    `deletion protection ${DeletionProtection ? "on" : "off"}`,
  ];
  const state = stateOf(Status);
  return {
    name: "cluster",
    status: state === "ok" && unlike.length > 0 ? "warn" : state,
    detail: parts.join(", ") + (unlike.length > 0 ? `; environments/${name}.ts wants ${unlike.join(" and ")}` : ""),
    facts: {
      status: Status,
      engineVersion: EngineVersion,
      minCapacity: MinCapacity,
      maxCapacity: MaxCapacity,
      deletionProtection: DeletionProtection,
    },
  };
}

function instanceRows({ DBClusterMembers = [] }: DBCluster, instances: readonly DBInstance[]): Finding[] {
  const writer = DBClusterMembers.find(({ IsClusterWriter }) => IsClusterWriter)?.DBInstanceIdentifier;
  const rows = instances.map((instance): Finding => {
    const { DBInstanceIdentifier: id = "", DBInstanceStatus: state = "unknown", AvailabilityZone: zone } = instance;
    return {
      name: id === writer ? "writer" : "reader",
      status: stateOf(state),
      detail: [id, state, instance.DBInstanceClass, zone].filter(Boolean).join(", "),
      facts: { instance: id, status: state, class: instance.DBInstanceClass, zone },
    };
  });
  const order = (row: Finding) => (row.name === "writer" ? 0 : 1);
  rows.sort((one, other) => order(one) - order(other));
  if (rows[0]?.name === "writer") return rows;
  return [{ name: "writer", status: "fail", detail: "none: Keycloak can write nothing" }, ...rows];
}

/** States in which it does not serve and will not by itself; others pass. */
const DOWN = /^(stopp|delet|fail(?!ing-over)|inaccessible|incompatible|storage-full|restore-error|migration-failed)/;

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html */
function stateOf(status: string): RowStatus {
  if (status === "available" || status === "backing-up") return "ok";
  return DOWN.test(status) ? "fail" : "warn";
}

/** Aurora saves all the time: what it can restore is some minutes old. */
const RESTORABLE_MINUTES = 15;

function restorable({ LatestRestorableTime: time, BackupRetentionPeriod: days }: DBCluster): Finding {
  const detail = time
    ? `to be restored as of ${momentAgo(time)}, or any time of the last ${days === 1 ? "day" : `${days} days`}`
    : "there is nothing to restore yet";
  return {
    name: "backups",
    status: isWithin(RESTORABLE_MINUTES, time) ? "ok" : "warn",
    detail,
    facts: { latestRestorableTime: time?.toISOString(), retentionDays: days },
  };
}

/** The values are AWS's stars for a password, but they are nobody's business: only names are shown. */
function pending({ PendingModifiedValues = {} }: DBCluster): Finding {
  const { MasterUserPassword, ...others } = PendingModifiedValues;
  const names = Object.entries(others).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const what = [...(MasterUserPassword ? ["a new password"] : []), ...names];
  return {
    name: "pending",
    status: what.length > 0 ? "warn" : "ok",
    detail: what.length > 0 ? `${what.join(", ")}: not in effect yet` : "no change",
    facts: { password: MasterUserPassword !== undefined },
  };
}
