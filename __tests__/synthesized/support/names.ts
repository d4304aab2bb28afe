import { blocks, type TerraformJson } from "./blocks.ts";
import { referenceOf } from "./references.ts";

/** How AWS wants the names that one argument of a type of resource gives. */
interface NameRule {
  /** Characters at the most. */
  readonly limit: number;
  readonly pattern: RegExp;
}

/** As RDS wants identifiers, in lower case as it keeps them: no dash at the end, no two in a row. */
const IDENTIFIER = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

const DASHES = /^[A-Za-z0-9_-]+$/;

/** Names that must be unique in an account and Region, or on the whole of S3; from each service's API reference. */
export const NAME_RULES: Readonly<Record<string, NameRule>> = {
  "aws_appautoscaling_policy.name": { limit: 256, pattern: /\S/ },
  "aws_cloudwatch_dashboard.dashboard_name": { limit: 255, pattern: DASHES },
  "aws_cloudwatch_log_group.name": { limit: 512, pattern: /^[\w./#-]+$/ },
  "aws_cloudwatch_log_metric_filter.name": { limit: 512, pattern: /^[^:*]+$/ },
  "aws_cloudwatch_metric_alarm.alarm_name": { limit: 255, pattern: /\S/ },
  "aws_db_subnet_group.name": { limit: 255, pattern: /^[a-z0-9 ._-]+$/ },
  "aws_ecr_repository.name": {
    limit: 256,
    pattern: /^([a-z0-9]+([._-][a-z0-9]+)*\/)*[a-z0-9]+([._-][a-z0-9]+)*$/,
  },
  "aws_ecs_cluster.name": { limit: 255, pattern: DASHES },
  "aws_ecs_service.name": { limit: 255, pattern: DASHES },
  "aws_ecs_task_definition.family": { limit: 255, pattern: DASHES },
  "aws_iam_role.name": { limit: 64, pattern: /^[\w+=,.@-]+$/ },
  "aws_kms_alias.name": { limit: 256, pattern: /^alias\/(?!aws\/)[\w/-]+$/ },
  "aws_lb.name": { limit: 32, pattern: /^(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/ },
  "aws_lb_target_group.name": { limit: 32, pattern: /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/ },
  "aws_rds_cluster.cluster_identifier": { limit: 63, pattern: IDENTIFIER },
  "aws_rds_cluster.final_snapshot_identifier": { limit: 255, pattern: IDENTIFIER },
  "aws_rds_cluster_instance.identifier": { limit: 63, pattern: IDENTIFIER },
  "aws_rds_cluster_parameter_group.name": { limit: 255, pattern: IDENTIFIER },
  "aws_s3_bucket.bucket": { limit: 63, pattern: /^(?!xn--)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/ },
  "aws_security_group.name": { limit: 255, pattern: /^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]+$/ },
  "aws_sns_topic.name": { limit: 256, pattern: DASHES },
  "aws_wafv2_web_acl.name": { limit: 128, pattern: DASHES },
};

/** Arguments that look like names of resources, and are none: why they need not be the environment's own. */
export const OTHER_NAMES: Readonly<Record<string, string>> = {
  "aws_cloudwatch_metric_alarm.metric_name": "a metric's; the namespace or the dimensions are the environment's",
  "aws_acm_certificate.domain_name": "the domain, which the environment names itself",
  "aws_iam_role_policy.name": "within its role",
  "aws_rds_cluster.database_name": "within its cluster",
  "aws_rds_cluster.master_username": "within its cluster",
  "aws_rds_cluster_parameter_group.family": "AWS's name of the release",
  "aws_route53_record.name": "the domain, which the environment names itself",
  "aws_vpc_endpoint.service_name": "AWS's name of the service",
};

/** A name that a resource asks for. */
export interface Name {
  readonly address: string;
  /** Type and argument, a key of {@link NAME_RULES}. */
  readonly kind: string;
  readonly value: string;
}

const ACCOUNT_ID = "123456789012";

/** The names of a stack's resources; for the account's id, some twelve digits. */
export function names(json: TerraformJson): Name[] {
  return texts(json)
    .filter(({ kind }) => kind in NAME_RULES)
    .map((name) => ({
      ...name,
      value: name.value.replace("${data.aws_caller_identity.account.account_id}", ACCOUNT_ID),
    }));
}

/** Arguments of AWS resources that look like a name and that {@link NAME_RULES} does not know: `aws_x.name`. */
export function otherNames(json: TerraformJson): string[] {
  const found = texts(json)
    .filter(({ kind }) => kind.startsWith("aws_") && !(kind in NAME_RULES))
    .filter(({ kind, value }) => /[._](name|identifier|family|bucket|username)$/.test(kind) && !referenceOf(value));
  return found.map(({ kind }) => kind);
}

/** The arguments of all resources that are texts. */
function texts(json: TerraformJson): Name[] {
  return blocks(json)
    .filter(({ kind }) => kind === "resource")
    .flatMap(({ address, type, attributes }) =>
      Object.entries(attributes).flatMap(([key, value]) =>
        typeof value === "string" ? [{ address, kind: `${type}.${key}`, value }] : [],
      ),
    );
}

/** Names that AWS would refuse, as sentences. */
export function refusedNames(all: readonly Name[]): string[] {
  return all.flatMap(({ address, kind, value }) => {
    const { limit, pattern } = NAME_RULES[kind]!;
    if (value.length > limit) return [`${address}: "${value}" has ${value.length} characters, not ${limit} at most`];
    return pattern.test(value) ? [] : [`${address}: "${value}" is not of the form ${pattern}`];
  });
}

/** Names that two resources of one type ask for: `aws_lb.name "x"`. */
export function sharedNames(all: readonly Name[]): string[] {
  const asked = all.map(({ kind, value }) => `${kind} "${value}"`);
  return [...new Set(asked.filter((name, index) => asked.indexOf(name) < index))];
}

/**
 * Names that some other environment of the account would ask for too, whose name begins with this one's: `x-db` would
 * call its alarm `high` as `x` calls its alarm `db-high`.
 */
export function ambiguousNames(all: readonly Name[], environment: string): string[] {
  return all.flatMap(({ kind, value }) =>
    all
      .filter((other) => other.kind === kind && before(other.value, environment) === before(value, environment))
      .flatMap((other) => {
        const [longer, shorter] = [after(value, environment), after(other.value, environment)];
        if (longer === shorter || !longer.endsWith(shorter)) return [];
        const between = longer.slice(0, longer.length - shorter.length);
        if (!/^[a-z0-9-]*[a-z0-9]$/.test(between)) return [];
        return [
          `${kind} "${value}": an environment "${environment}${between}" asks for it too, as for "${other.value}"`,
        ];
      }),
  );
}

function before(name: string, environment: string): string {
  return name.slice(0, Math.max(0, name.indexOf(environment)));
}

function after(name: string, environment: string): string {
  return name.slice(name.indexOf(environment) + environment.length);
}
