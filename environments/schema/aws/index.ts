import { z } from "zod";
import { AWS_REGIONS } from "../aws-regions.ts";
import { backup, resolveBackup, unreachableImage } from "./backup.ts";
import { environmentTags } from "../on-aws.ts";
import { secureUrl } from "../urls.ts";
import { ipv4Cidr } from "./cidr.ts";
import { database, resolveDatabase } from "./database.ts";
import { image } from "./image.ts";
import { CERTIFICATE_ARN, DOMAIN, loadBalancer, resolveLoadBalancer } from "./load-balancer.ts";
import { monitoring } from "./monitoring.ts";
import { network, resolveNetwork } from "./network.ts";
import { countProblem, resolveService, service } from "./service.ts";
import { stage, STAGE_DEFAULTS } from "./stage.ts";
import { state } from "./state.ts";
import { resolveWaf, waf } from "./waf.ts";

/** https://docs.aws.amazon.com/efs/latest/ug/API_Tag.html has the patterns that AWS's services share. */
const TAG_NAME = /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/iu;
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256}$/u;

const tagValue = z.string().regex(TAG_VALUE, "must be 256 letters, digits, blanks and _.:/=+-@ at the most");

const tags = z.record(z.string(), tagValue).superRefine((value, context) => {
  const bad = Object.keys(value).find((key) => !TAG_NAME.test(key));
  if (bad !== undefined)
    context.addIssue({
      code: "custom",
      message: `${JSON.stringify(bad)} is no name of a tag: write 1 to 128 letters, digits, blanks and _.:/=+-@, not "aws:" first`,
    });
  // IAM takes "environment" and "Environment" for one name, which a role may have once.
  const own: readonly string[] = Object.keys(environmentTags(""));
  for (const [index, key] of Object.keys(value).entries()) {
    const earlier = [...own, ...Object.keys(value).slice(0, index)];
    const other = earlier.find((one) => one.toLowerCase() === key.toLowerCase());
    if (other === undefined) continue;
    const why = own.includes(other) ? `is ${other}, which is set already` : `is ${JSON.stringify(other)} to IAM`;
    context.addIssue({ code: "custom", message: `${JSON.stringify(key)} ${why}: choose another name` });
  }
});

/** The AWS account and everything in it. */
export const aws = z
  .strictObject({
    /** Region of everything, such as `eu-central-1`. */
    region: z.enum(AWS_REGIONS),
    /** The account: Terraform then refuses to touch any other. @default the one of the credentials */
    accountId: z
      .string()
      .regex(/^\d{12}$/, "must be an account's 12 digits")
      .optional(),
    /** What the environment is for; decides the defaults of cost, redundancy and protection. @default "production" */
    stage: stage.default("production"),
    /** Tags on every resource, next to Project, Environment and ManagedBy. @default none */
    tags: tags.default({}),
    /** Terraform's state in an S3 bucket, locked and encrypted. @default files on this machine */
    state: state.optional(),
    /** Whose addresses reach the admin console, the Admin API and the realm `master`. @default nobody's */
    adminCidrs: z.array(ipv4Cidr()).max(40, "must name 40 ranges at most").default([]),
    network: network.prefault({}),
    database: database.prefault({}),
    image: image.prefault({}),
    service: service.prefault({}),
    loadBalancer: loadBalancer.prefault({}),
    waf: waf.prefault({}),
    monitoring: monitoring.prefault({}),
    backup: backup.prefault({}),
  })
  .transform((value) => {
    const defaults = STAGE_DEFAULTS[value.stage];
    return {
      ...value,
      network: resolveNetwork(value.network, defaults),
      database: resolveDatabase(value.database, defaults),
      service: resolveService(value.service, defaults),
      loadBalancer: resolveLoadBalancer(value.loadBalancer, defaults),
      waf: resolveWaf(value.waf, defaults),
      backup: resolveBackup(value.backup, value.database.engineVersion),
    };
  });

/** The AWS part of an environment, with every default filled in. */
export type AwsEnvironment = z.output<typeof aws>;

/**
 * What is wrong with settings that are right one by one.
 * @param keycloakUrl where people reach Keycloak: the load balancer must serve it
 */
export function* awsProblems(
  { region, network, service, loadBalancer, backup }: AwsEnvironment,
  keycloakUrl: string,
): Generator<{ readonly path: readonly string[]; readonly message: string }> {
  // What is no URL at all has been refused already.
  const url = secureUrl().safeParse(keycloakUrl).success ? new URL(keycloakUrl) : undefined;
  if (url && (url.protocol !== "https:" || url.port || url.pathname !== "/auth"))
    yield {
      path: ["keycloak", "url"],
      message:
        'must be https://<domain>/auth on AWS: the load balancer serves port 443, and the image the path "/auth"',
    };

  const { zone, certificateArn } = loadBalancer;
  if (!zone && !certificateArn)
    yield {
      path: ["aws", "loadBalancer"],
      message: "needs certificateArn, a certificate for the domain, or zone, to request one and make the DNS record",
    };
  if (url && zone && DOMAIN.test(zone.name) && !`.${url.hostname}`.endsWith(`.${zone.name}`))
    yield {
      path: ["aws", "loadBalancer", "zone", "name"],
      message: `must be the zone of keycloak.url, whose domain is ${url.hostname}`,
    };
  const certificateRegion = CERTIFICATE_ARN.exec(certificateArn ?? "")?.[1];
  if (certificateRegion && certificateRegion !== region)
    yield {
      path: ["aws", "loadBalancer", "certificateArn"],
      message: `must be of aws.region, ${region}: a load balancer cannot use a certificate of ${certificateRegion}`,
    };

  if (network.kind === "existing" && !loadBalancer.internal && !network.publicSubnetIds)
    yield {
      path: ["aws", "network", "existingVpc", "publicSubnetIds"],
      message: "is missing: an internet-facing load balancer needs public subnets (or set aws.loadBalancer.internal)",
    };
  if (network.kind === "own" && typeof network.availabilityZones === "object") {
    const foreign = network.availabilityZones.findIndex((zoneName) => zoneName.slice(0, -1) !== region);
    if (foreign >= 0)
      yield {
        path: ["aws", "network", "availabilityZones"],
        message: `"${network.availabilityZones[foreign]}" is not in aws.region, ${region}`,
      };
  }

  const unreachable = network.kind === "own" && network.natGateways === "none" ? unreachableImage(backup) : undefined;
  if (unreachable)
    yield {
      path: ["aws", "backup", unreachable],
      message:
        'must name a copy in a private ECR repository of the Region: with natGateways "none" tasks cannot pull from the ' +
        "public gallery",
    };

  const counts = countProblem(service);
  if (counts) yield { path: ["aws", "service", counts.setting], message: counts.problem };
}
