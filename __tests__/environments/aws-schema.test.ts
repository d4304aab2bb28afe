import { describe, expect, test } from "@jest/globals";
import { AWS_REGIONS } from "../../environments/schema/aws-regions.ts";
import { checkEnvironment } from "../../environments/schema/explain.ts";
import { environmentSchema } from "../../environments/schema/index.ts";
import { environmentOnAws, MINIMAL, MINIMAL_AWS } from "../support/environment.ts";

/** The errors of the smallest environment on AWS with changes, without the path that they all begin with. */
function errorsOf(aws: object, others: object = {}): string[] {
  const result = checkEnvironment(environmentSchema, { ...MINIMAL, ...others, aws: { ...MINIMAL_AWS, ...aws } });
  return "errors" in result ? result.errors.map((error) => error.replace(/^aws\./, "")) : [];
}

/** Mistake, changes and the whole message. */
type Row = [mistake: string, changes: object, message: string];

function eachIsOneError(rows: Row[]): void {
  test.each(rows)("%s", (_, changes, message) => expect(errorsOf(changes)).toEqual([message]));
}

const ranges = (count: number) => Array.from({ length: count }, (_, index) => `10.0.${index}.0/24`);

describe("a mistake in the account", () => {
  eachIsOneError([
    [
      "a Region that does not exist",
      { region: "eu-west-9" },
      `region: "eu-west-9" is not allowed, did you mean "eu-west-1"?; allowed: ${AWS_REGIONS.join(", ")}`,
    ],
    ["an account that is none", { accountId: "12345" }, `accountId: "12345" must be an account's 12 digits`],
    ["an account as a number", { accountId: 111122223333 }, "accountId: 111122223333 is not a string"],
    ["an unknown stage", { stage: "staging" }, 'stage: "staging" is not allowed; allowed: production, development'],
    [
      "a tag that is a template",
      { tags: { Team: "${path.cwd}" } },
      'tags.Team: "${path.cwd}" must be 256 letters, digits, blanks and _.:/=+-@ at the most',
    ],
    ["a tag with a number", { tags: { Team: 7 } }, "tags.Team: 7 is not a string"],
    [
      "a tag without name",
      { tags: { "": "x" } },
      'tags: "" is no name of a tag: write 1 to 128 letters, digits, blanks and _.:/=+-@, not "aws:" first',
    ],
    [
      "a tag of the environment's own, in small letters",
      { tags: { environment: "prod" } },
      'tags: "environment" is Environment, which is set already: choose another name',
    ],
    [
      "a tag twice, as IAM reads it",
      { tags: { Team: "a", team: "b" } },
      'tags: "team" is "Team" to IAM: choose another name',
    ],
    [
      "a tag of AWS's own",
      { tags: { "aws:cloudformation": "x" } },
      'tags: "aws:cloudformation" is no name of a tag: write 1 to 128 letters, digits, blanks and _.:/=+-@, not "aws:" first',
    ],
    [
      "an administrator's range with host bits",
      { adminCidrs: ["10.0.0.1/8"] },
      'adminCidrs[0]: "10.0.0.1/8" has bits set behind the prefix: write "10.0.0.0/8"',
    ],
    [
      "an administrator's range of IPv6",
      { adminCidrs: ["10.0.0.0/8", "2001:db8::/32"] },
      'adminCidrs[1]: "2001:db8::/32" is no IPv4 range: write one such as "10.0.0.0/16", or "203.0.113.7/32" for one address',
    ],
    ["one range instead of a list", { adminCidrs: "10.0.0.0/8" }, 'adminCidrs: "10.0.0.0/8" is not a list'],
    ["too many administrators", { adminCidrs: ranges(41) }, "adminCidrs: must name 40 ranges at most"],
    [
      "a part that does not exist",
      { netwrok: {} },
      'netwrok: no such setting, did you mean "network"?; allowed: region, accountId, stage, tags, state, adminCidrs, ' +
        "network, database, image, service, loadBalancer, waf, monitoring, backup",
    ],
  ]);
});

describe("a mistake in the state's bucket", () => {
  eachIsOneError([
    ["no name", { state: {} }, "state.bucket: is missing: write a string"],
    ...["My_Bucket", "a..b", "192.168.1.1", "ab"].map((bucket): Row => [
      bucket,
      { state: { bucket } },
      `state.bucket: "${bucket}" must be an S3 bucket's name`,
    ]),
    [
      "a Region that does not exist",
      { state: { bucket: "states", region: "mars" } },
      'state.region: "mars" must be a Region, such as "eu-central-1"',
    ],
    [
      "an alias instead of a key's ARN",
      { state: { bucket: "states", kmsKeyArn: "alias/states" } },
      `state.kmsKeyArn: "alias/states" must be a KMS key's ARN`,
    ],
  ]);
});

const WIDTH = "must be /16 to /24: AWS makes no wider VPC, and narrower ones do not hold the subnets";
const NO_RANGE = 'is no IPv4 range: write one such as "10.0.0.0/16", or "203.0.113.7/32" for one address';
const ZONES = 'must be 2, 3 or 4, or a list of 2 to 4 different zones such as ["us-east-1a", "us-east-1b"]';

describe("a mistake in a network of one's own", () => {
  const rows: [string, object, string][] = [
    ["a VPC too wide", { cidr: "10.0.0.0/15" }, `cidr: "10.0.0.0/15" ${WIDTH}`],
    ["a VPC too narrow", { cidr: "10.0.0.0/25" }, `cidr: "10.0.0.0/25" ${WIDTH}`],
    [
      "a VPC of no private network",
      { cidr: "100.64.0.0/16" },
      'cidr: "100.64.0.0/16" is not of a private network (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16): ' +
        "Keycloak's nodes find each other on such addresses only",
    ],
    ["a range that is none", { cidr: "10.0.0.0" }, `cidr: "10.0.0.0" ${NO_RANGE}`],
    [
      "a range with host bits",
      { cidr: "10.0.0.7/16" },
      'cidr: "10.0.0.7/16" has bits set behind the prefix: write "10.0.0.0/16"',
    ],
    [
      "public subnets outside the VPC",
      { publicCidr: "10.1.0.0/24" },
      `publicCidr: "10.1.0.0/24" must lie within the VPC's range, 10.0.0.0/16`,
    ],
    [
      "private subnets outside the VPC",
      { cidr: "10.2.0.0/16", privateCidr: "10.0.0.0/8" },
      `privateCidr: "10.0.0.0/8" must lie within the VPC's range, 10.2.0.0/16`,
    ],
    [
      "public subnets in the default private ones",
      { publicCidr: "10.0.128.0/20" },
      'publicCidr: "10.0.128.0/20" overlaps the private subnets, 10.0.128.0/17',
    ],
    [
      "private subnets in the default public ones",
      { privateCidr: "10.0.0.0/20" },
      'privateCidr: "10.0.0.0/20" overlaps the public subnets, 10.0.0.0/18',
    ],
    [
      "public and private subnets that overlap",
      { publicCidr: "10.0.0.0/20", privateCidr: "10.0.0.0/18" },
      'publicCidr: "10.0.0.0/20" overlaps the private subnets, 10.0.0.0/18',
    ],
    [
      "subnets too small",
      { publicCidr: "10.0.0.0/28" },
      'publicCidr: "10.0.0.0/28" is too narrow for 2 subnets: AWS makes none narrower than /28',
    ],
    [
      "subnets too small for three zones",
      { privateCidr: "10.0.128.0/27", availabilityZones: 3 },
      'privateCidr: "10.0.128.0/27" is too narrow for 3 subnets: AWS makes none narrower than /28',
    ],
    ["one zone", { availabilityZones: 1 }, `availabilityZones: 1 ${ZONES}`],
    ["five zones", { availabilityZones: 5 }, `availabilityZones: 5 ${ZONES}`],
    ["a list of one zone", { availabilityZones: ["eu-central-1a"] }, `availabilityZones: ${ZONES}`],
    ["a zone twice", { availabilityZones: ["eu-central-1a", "eu-central-1a"] }, `availabilityZones: ${ZONES}`],
    [
      "a zone that is none",
      { availabilityZones: ["eu-central-1a", "b"] },
      'availabilityZones[1]: "b" must be an Availability Zone, such as "eu-central-1a"',
    ],
    [
      "a zone of another Region",
      { availabilityZones: ["eu-central-1a", "us-east-1b"] },
      'availabilityZones: "us-east-1b" is not in aws.region, eu-central-1',
    ],
    ["two NAT gateways", { natGateways: 2 }, "natGateways: 2 is not allowed; allowed: one-per-az, one, none"],
    [
      "no way out at all",
      { natGateways: "none", interfaceEndpoints: false },
      'interfaceEndpoints: false must be true where natGateways is "none": tasks could not pull their image',
    ],
    [
      "days of flow logs that CloudWatch does not have",
      { flowLogRetentionDays: 9999 },
      "flowLogRetentionDays: 9999 is not allowed; allowed: 0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731",
    ],
  ];
  eachIsOneError(rows.map(([mistake, network, message]) => [mistake, { network }, `network.${message}`]));
});

const EXISTING = {
  vpcId: "vpc-0123456789abcdef0",
  privateSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  publicSubnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
};

describe("a mistake in an existing network", () => {
  test("no mistake", () => expect(errorsOf({ network: { existingVpc: EXISTING } })).toEqual([]));

  const NOT_BOTH = "does not go with existingVpc, whose owner decides about it: leave it out";
  eachIsOneError([
    ...Object.entries({
      cidr: "10.0.0.0/16",
      publicCidr: "10.0.0.0/24",
      privateCidr: "10.0.1.0/24",
      availabilityZones: 2,
      natGateways: "one",
      interfaceEndpoints: true,
      flowLogRetentionDays: 30,
    }).map(([setting, value]): Row => [
      `${setting} besides`,
      { network: { existingVpc: EXISTING, [setting]: value } },
      `network.${setting}: ${JSON.stringify(value)} ${NOT_BOTH}`,
    ]),
    ...(
      [
        [
          "a VPC that is none",
          { vpcId: "vpc-1" },
          `vpcId: "vpc-1" must be a VPC's id, such as "vpc-0123456789abcdef0"`,
        ],
        [
          "one private subnet",
          { privateSubnetIds: EXISTING.privateSubnetIds.slice(1) },
          "privateSubnetIds: privateSubnetIds must name subnets in at least two Availability Zones",
        ],
        [
          "one public subnet",
          { publicSubnetIds: EXISTING.publicSubnetIds.slice(1) },
          "publicSubnetIds: publicSubnetIds must name subnets in at least two Availability Zones",
        ],
        [
          "a subnet twice",
          { privateSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef0"] },
          "privateSubnetIds: must not name a subnet twice",
        ],
        [
          "a subnet that is none",
          { privateSubnetIds: ["subnet-0123456789abcdef0", "10.0.0.0/24"] },
          `privateSubnetIds[1]: "10.0.0.0/24" must be a subnet's id, such as "subnet-0123456789abcdef0"`,
        ],
        [
          "no public subnets for an internet-facing load balancer",
          { publicSubnetIds: undefined },
          "publicSubnetIds: is missing: an internet-facing load balancer needs public subnets (or set aws.loadBalancer.internal)",
        ],
        [
          "a setting that does not exist",
          { vpcid: "x" },
          'vpcid: no such setting, did you mean "vpcId"?; allowed: vpcId, privateSubnetIds, publicSubnetIds',
        ],
      ] as Row[]
    ).map(([mistake, existing, message]): Row => [
      mistake,
      { network: { existingVpc: { ...EXISTING, ...existing } } },
      `network.existingVpc.${message}`,
    ]),
  ]);
});

describe("a mistake in the database", () => {
  const overlap = (maintenance: string, backup: string) =>
    `maintenanceWindow: "${maintenance}" must not overlap the backup window, ${backup} of every day: AWS refuses it`;
  const length = (window: string) =>
    `maintenanceWindow: "${window}" must be 30 minutes or longer, and shorter than a day`;
  const rows: Row[] = [
    [
      "a release that Keycloak does not support",
      { engineVersion: "13.9" },
      'engineVersion: "13.9" must be a release that Keycloak supports, 14.x to 17.x, such as "16.8"',
    ],
    [
      "an instance class that is none",
      { instanceClass: "r8g.large" },
      'instanceClass: "r8g.large" must be "db.serverless" or an instance class such as "db.r8g.large"',
    ],
    ["too little at least", { minCapacity: 0.3 }, "minCapacity: 0.3 must be 0.5 to 256 ACU"],
    ["too little at the most", { maxCapacity: 0.5 }, "maxCapacity: 0.5 must be 1 to 256 ACU"],
    ["too much", { maxCapacity: 256.5 }, "maxCapacity: 256.5 must be 1 to 256 ACU"],
    ["a third of an ACU", { minCapacity: 0.7 }, "minCapacity: 0.7 must be a multiple of 0.5 ACU"],
    ["capacity as text", { minCapacity: "1" }, 'minCapacity: "1" is not a number'],
    [
      "the least over the most",
      { minCapacity: 4, maxCapacity: 3.5 },
      "minCapacity: 4 must not be over maxCapacity, which is 3.5 ACU",
    ],
    [
      "the least over the default",
      { minCapacity: 2.5 },
      "minCapacity: 2.5 must not be over maxCapacity, which is 2 ACU",
    ],
    [
      "capacity of a provisioned instance",
      { instanceClass: "db.r8g.large", maxCapacity: 4 },
      "maxCapacity: 4 is for db.serverless: leave it out with db.r8g.large",
    ],
    ["no instance", { instances: 0 }, "instances: 0 too small: expected number to be >=1"],
    ["sixteen instances", { instances: 16 }, "instances: 16 too big: expected number to be <=15"],
    ["half an instance", { instances: 1.5 }, "instances: 1.5 is not a whole number"],
    ["an unknown key", { kmsKey: "mine" }, 'kmsKey: "mine" is not allowed; allowed: own, aws-managed'],
    ["no backups", { backupRetentionDays: 0 }, "backupRetentionDays: 0 too small: expected number to be >=1"],
    ["backups for ever", { backupRetentionDays: 36 }, "backupRetentionDays: 36 too big: expected number to be <=35"],
    [
      "a backup window that is none",
      { backupWindow: "03:00-24:00" },
      'backupWindow: "03:00-24:00" must be two times of day in UTC, such as "03:00-04:00"',
    ],
    [
      "a backup window too short",
      { backupWindow: "03:00-03:29" },
      'backupWindow: "03:00-03:29" must be 30 minutes or longer',
    ],
    [
      "a maintenance window that is none",
      { maintenanceWindow: "sunday" },
      'maintenanceWindow: "sunday" must be two times of the week in UTC, such as "sun:04:30-sun:05:30"',
    ],
    ["a maintenance window too short", { maintenanceWindow: "sun:04:30-sun:04:59" }, length("sun:04:30-sun:04:59")],
    ["a maintenance window of a day", { maintenanceWindow: "sun:04:30-mon:04:30" }, length("sun:04:30-mon:04:30")],
    [
      "windows that overlap",
      { maintenanceWindow: "sun:03:59-sun:04:30" },
      overlap("sun:03:59-sun:04:30", "03:00-04:00"),
    ],
    [
      "a backup in the default maintenance",
      { backupWindow: "05:29-06:00" },
      overlap("sun:04:30-sun:05:30", "05:29-06:00"),
    ],
    [
      "windows that overlap after midnight",
      { backupWindow: "23:30-00:30", maintenanceWindow: "mon:00:00-mon:01:00" },
      overlap("mon:00:00-mon:01:00", "23:30-00:30"),
    ],
    [
      "windows that overlap after the end of the week",
      { backupWindow: "00:30-01:00", maintenanceWindow: "sun:23:30-mon:00:31" },
      overlap("sun:23:30-mon:00:31", "00:30-01:00"),
    ],
    [
      "windows of a provisioned instance that overlap",
      { instanceClass: "db.r8g.large", backupWindow: "04:00-05:00" },
      overlap("sun:04:30-sun:05:30", "04:00-05:00"),
    ],
    [
      "a snapshot without name",
      { restoreFromSnapshot: "" },
      'restoreFromSnapshot: "" too small: expected string to have >=1 characters',
    ],
    ["a password's version 0", { passwordVersion: 0 }, "passwordVersion: 0 too small: expected number to be >=1"],
    ["unknown insights", { insights: "full" }, 'insights: "full" is not allowed; allowed: standard, advanced'],
  ];
  eachIsOneError(rows.map(([mistake, database, message]) => [mistake, { database }, `database.${message}`]));

  test.each([
    ["one after the other", { backupWindow: "03:00-04:30", maintenanceWindow: "sun:04:30-sun:05:00" }],
    ["one before the other", { backupWindow: "05:30-06:00" }],
    ["both around midnight", { backupWindow: "00:15-00:45", maintenanceWindow: "sun:23:45-mon:00:15" }],
  ])("windows beside each other are none: %s", (_, database) => expect(errorsOf({ database })).toEqual([]));
});

describe("a mistake in the image", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  eachIsOneError([
    [
      "a tag with a blank",
      { image: { tag: "26.7.0 arm" } },
      'image.tag: "26.7.0 arm" must be a tag: letters, digits, dots, dashes and underscores',
    ],
    [
      "a digest that is none",
      { image: { digest: "sha256:abc" } },
      'image.digest: "sha256:abc" must be a digest: "sha256:" and 64 hexadecimal digits',
    ],
    [
      "both tag and digest",
      { image: { tag: "26.7.0", digest } },
      'image.tag: "26.7.0" does not go with digest: name one of them',
    ],
  ]);
});

describe("a mistake in the service", () => {
  const rows: Row[] = [
    [
      "CPU that Fargate does not sell",
      { cpu: 1000 },
      'cpu: 1000 is not allowed, did you mean "1024"?; allowed: 256, 512, 1024, 2048, 4096, 8192, 16384',
    ],
    [
      "memory between two sizes",
      { memory: 2560 },
      "memory: 2560 must be what Fargate sells with 1024 CPU units, 2048 to 8192 in steps of 1024 MiB, not 2560",
    ],
    [
      "memory over that CPU's",
      { cpu: 256, memory: 4096 },
      "memory: 4096 must be what Fargate sells with 256 CPU units, 512, 1024, 2048 MiB, not 4096",
    ],
    [
      "memory under that CPU's",
      { cpu: 16384 },
      "memory: must be what Fargate sells with 16384 CPU units, 32768 to 122880 in steps of 8192 MiB, not 2048",
    ],
    [
      "memory too small for Keycloak",
      { cpu: 256, memory: 512 },
      "memory: 512 must be 1024 MiB or more: Keycloak does not start in less",
    ],
    ["half a MiB", { memory: 2048.5 }, "memory: 2048.5 is not a whole number"],
    [
      "a processor in lower case",
      { architecture: "arm64" },
      'architecture: "arm64" is not allowed, did you mean "ARM64"?; allowed: ARM64, X86_64',
    ],
    ["fewer than no tasks", { desiredCount: -1 }, "desiredCount: -1 too small: expected number to be >=0"],
    ["too many tasks", { maxCount: 101 }, "maxCount: 101 too big: expected number to be <=100"],
    [
      "more tasks than at the most",
      { desiredCount: 7, maxCount: 6 },
      "desiredCount: 7 must not be over maxCount, which is 6",
    ],
    ["the least over the most", { minCount: 7 }, "minCount: 7 must not be over maxCount, which is 6"],
    [
      "fewer tasks than the least",
      { desiredCount: 2, minCount: 3 },
      "desiredCount: 2 must not be under minCount, which is 3 (0 stops Keycloak)",
    ],
    [
      "no port out",
      { egressPorts: [] },
      "egressPorts: must contain 443: tasks could reach neither ECR nor SSM nor CloudWatch",
    ],
    [
      "no HTTPS out",
      { egressPorts: [587] },
      "egressPorts: must contain 443: tasks could reach neither ECR nor SSM nor CloudWatch",
    ],
    ["a port twice", { egressPorts: [443, 443] }, "egressPorts: must not name a port twice"],
    [
      "a port that is none",
      { egressPorts: [443, 65536] },
      "egressPorts[1]: 65536 too big: expected number to be <=65535",
    ],
    [
      "a setting in capitals",
      { Memory: 2048 },
      'Memory: no such setting, did you mean "memory"?; allowed: cpu, memory, architecture, desiredCount, minCount, ' +
        "maxCount, deployment, spot, egressPorts, exec",
    ],
  ];
  eachIsOneError(rows.map(([mistake, service, message]) => [mistake, { service }, `service.${message}`]));

  test("no task at all is none", () => expect(errorsOf({ service: { desiredCount: 0, minCount: 1 } })).toEqual([]));
});

describe("a mistake in the load balancer", () => {
  const zone = MINIMAL_AWS.loadBalancer!.zone!;
  const certificateOf = (region: string) =>
    `arn:aws:acm:${region}:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef`;
  const ARN = 'must be an ACM certificate\'s ARN, such as "arn:aws:acm:us-east-1:111122223333:certificate/…"';

  test("no mistake", () =>
    expect(errorsOf({ loadBalancer: { certificateArn: certificateOf("eu-central-1") } })).toEqual([]));

  eachIsOneError([
    [
      "neither zone nor certificate",
      { loadBalancer: {} },
      "loadBalancer: needs certificateArn, a certificate for the domain, or zone, to request one and make the DNS record",
    ],
    ...(
      [
        [
          "a zone that is none",
          { zone: { ...zone, id: "example.com" } },
          'zone.id: "example.com" must be a hosted zone\'s id, such as "Z0123456789ABCDEFGHIJ"',
        ],
        [
          "a zone with a dot at the end",
          { zone: { ...zone, name: "example.com." } },
          'zone.name: "example.com." must be a domain in lower case, such as "example.com"',
        ],
        [
          "a domain outside the zone",
          { zone: { ...zone, name: "example.org" } },
          'zone.name: "example.org" must be the zone of keycloak.url, whose domain is auth.example.com',
        ],
        [
          "a zone that the domain only ends like",
          { zone: { ...zone, name: "ample.com" } },
          'zone.name: "ample.com" must be the zone of keycloak.url, whose domain is auth.example.com',
        ],
        [
          "an unknown setting",
          { zone: { ...zone, nam: "x" } },
          'zone.nam: no such setting, did you mean "name"?; allowed: id, name',
        ],
        [
          "a certificate of IAM",
          { certificateArn: "arn:aws:iam::111122223333:server-certificate/x" },
          `certificateArn: "arn:aws:iam::111122223333:server-certificate/x" ${ARN}`,
        ],
        [
          "a certificate's ARN that is cut off",
          { certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/0" },
          `certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/0" ${ARN}`,
        ],
        [
          "a certificate of another Region",
          { certificateArn: certificateOf("us-east-1") },
          `certificateArn: "${certificateOf("us-east-1")}" must be of aws.region, eu-central-1: a load balancer cannot use a certificate of us-east-1`,
        ],
        ["nobody who may connect", { zone, clientCidrs: [] }, "clientCidrs: must name at least one range"],
        [
          "an address instead of a range",
          { zone, clientCidrs: ["10.0.0.1"] },
          `clientCidrs[0]: "10.0.0.1" ${NO_RANGE}`,
        ],
        [
          "too many clients",
          { zone, clientCidrs: ranges(31) },
          "clientCidrs: must name 30 ranges at most: AWS allows 60 rules, and each range has two",
        ],
        [
          "an old TLS policy",
          { zone, sslPolicy: "ELBSecurityPolicy-2016-08" },
          'sslPolicy: "ELBSecurityPolicy-2016-08" must be a policy with TLS 1.3 and at least 1.2',
        ],
        [
          "no access logs",
          { zone, accessLogRetentionDays: 0 },
          "accessLogRetentionDays: 0 too small: expected number to be >=1",
        ],
      ] as Row[]
    ).map(([mistake, loadBalancer, message]): Row => [mistake, { loadBalancer }, `loadBalancer.${message}`]),
  ]);

  test.each([
    ["no URL", "", 'is no URL: write one such as "https://mcp.example.com/mcp"'],
    [
      "a slash at the end",
      "https://auth.example.com/auth/",
      'must not end in a slash: write "https://auth.example.com/auth"',
    ],
  ])("%s where Keycloak's is wanted", (_, url, message) =>
    expect(errorsOf({}, { keycloak: { url } })).toEqual([`keycloak.url: "${url}" ${message}`]),
  );

  test.each([
    ["no path", "https://auth.example.com"],
    ["another path", "https://auth.example.com/auth/x"],
    ["another port", "https://auth.example.com:8443/auth"],
  ])("%s of Keycloak's URL", (_, url) =>
    expect(errorsOf({}, { keycloak: { url } })).toEqual([
      `keycloak.url: "${url}" must be https://<domain>/auth on AWS: the load balancer serves port 443, and the image the path "/auth"`,
    ]),
  );
});

describe("a mistake in firewall and monitoring", () => {
  eachIsOneError([
    [
      "a limit that AWS refuses",
      { waf: { loginLimit: 9 } },
      "waf.loginLimit: 9 must be 10 or more: AWS WAF takes no less",
    ],
    [
      "a limit beyond all",
      { waf: { registrationLimit: 2_000_001 } },
      "waf.registrationLimit: 2000001 too big: expected number to be <=2000000",
    ],
    ["a switch as text", { waf: { enabled: "no" } }, 'waf.enabled: "no" is not a boolean'],
    [
      "a setting like no other",
      { waf: { rateBasedRules: 1 } },
      "waf.rateBasedRules: no such setting; allowed: enabled, registrationLimit, loginLimit",
    ],
    [
      "days that CloudWatch does not have",
      { monitoring: { logRetentionDays: 9999 } },
      "monitoring.logRetentionDays: 9999 is not allowed; allowed: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731",
    ],
    [
      "an address that is none",
      { monitoring: { alarmEmail: "ops" } },
      'monitoring.alarmEmail: "ops" must be an e-mail address, such as "ops@example.com"',
    ],
  ]);
});

describe("a mistake in the backup", () => {
  const NO_IMAGE =
    'must be an image with its registry and a tag or a digest, such as "public.ecr.aws/aws-cli/aws-cli:2.31.29"';
  eachIsOneError([
    ["no days", { backup: { retentionDays: 0 } }, "backup.retentionDays: 0 must be 1 to 3650 days"],
    ...["postgres", "postgres:16", "registry.example.com/postgres", "registry.example.com/postgres@sha256:0"].map(
      (postgresImage): Row => [
        `the image ${postgresImage}`,
        { backup: { postgresImage } },
        `backup.postgresImage: "${postgresImage}" ${NO_IMAGE}`,
      ],
    ),
    [
      "a public image that tasks cannot reach",
      {
        network: { natGateways: "none" },
        backup: { enabled: true, postgresImage: "111122223333.dkr.ecr.eu-central-1.amazonaws.com/postgres:16" },
      },
      'backup.awsCliImage: must name a copy in a private ECR repository of the Region: with natGateways "none" tasks cannot ' +
        "pull from the public gallery",
    ],
  ]);

  test("is none where backups are off, whatever tasks can reach", () => {
    expect(errorsOf({ network: { natGateways: "none" } })).toEqual([]);
  });
});

test("backups are off unless an environment wants them, and of the database's major release", () => {
  expect(environmentOnAws().aws.backup).toMatchObject({ enabled: false, retentionDays: 90 });
  const { postgresImage } = environmentOnAws({ database: { engineVersion: "17.5" } }).aws.backup;
  expect(postgresImage).toMatch(/postgres:17\.\d+-alpine$/);
});

describe("defaults by stage", () => {
  test.each([
    ["production", "one-per-az", true, 2, 2, 6, false, true, true],
    ["development", "one", false, 1, 1, 2, true, false, false],
  ] as const)(
    "%s",
    (stage, natGateways, interfaceEndpoints, instances, desiredCount, maxCount, spot, deletionProtection, enabled) => {
      expect(environmentOnAws({ stage }).aws).toMatchObject({
        stage,
        network: { natGateways, interfaceEndpoints, availabilityZones: 2, cidr: "10.0.0.0/16" },
        database: {
          instances,
          deletionProtection,
          finalSnapshot: deletionProtection,
          serverless: { minCapacity: 0.5, maxCapacity: 2 },
        },
        service: { cpu: 1024, memory: 2048, desiredCount, minCount: desiredCount, maxCount, spot },
        loadBalancer: { deletionProtection, clientCidrs: ["0.0.0.0/0"] },
        waf: { enabled },
        adminCidrs: [],
      });
    },
  );

  test("production is the default", () =>
    expect(environmentOnAws()).toEqual(environmentOnAws({ stage: "production" })));

  test("what is written wins", () => {
    const { service, network, database, waf } = environmentOnAws({
      stage: "development",
      service: { desiredCount: 9, spot: false },
      network: { natGateways: "none" },
      database: { instanceClass: "db.r8g.large", instances: 3 },
      waf: { enabled: true },
    }).aws;
    expect(service).toMatchObject({ desiredCount: 9, minCount: 9, maxCount: 9, spot: false });
    expect(network).toMatchObject({ natGateways: "none", interfaceEndpoints: true });
    expect(database).not.toHaveProperty("serverless");
    expect(database.instances).toBe(3);
    expect(waf.enabled).toBe(true);
  });

  test("an internal load balancer is for private ranges", () => {
    const loadBalancer = { ...MINIMAL_AWS.loadBalancer, internal: true };
    expect(environmentOnAws({ loadBalancer }).aws.loadBalancer.clientCidrs).toEqual([
      "10.0.0.0/8",
      "172.16.0.0/12",
      "192.168.0.0/16",
    ]);
  });
});
