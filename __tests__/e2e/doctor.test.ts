import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { ACMClient, RequestCertificateCommand } from "@aws-sdk/client-acm";
import {
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeSubnetsCommand,
  EC2Client,
  ModifyVpcAttributeCommand,
} from "@aws-sdk/client-ec2";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ECSClient } from "@aws-sdk/client-ecs";
import { CreateLoadBalancerCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { RDSClient } from "@aws-sdk/client-rds";
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  GetHostedZoneCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { namePrefix, secretNames } from "../../constructs/names.ts";
import { contentTag } from "../../keycloak-image/content.ts";
import { imageRecipe } from "../../keycloak-image/recipe.ts";
import { UserError } from "../../scripts/lib/errors.ts";
import type { Dns } from "../../scripts/lib/doctor/dns.ts";
import { blocksDeployment, CHECKS, examine, type DoctorRow } from "../../scripts/lib/doctor/index.ts";
import { environmentTags, type EnvironmentOnAws } from "../../environments/schema/on-aws.ts";
import { environmentOnAws } from "../support/environment.ts";
import { startAwsAnswers, xmlError, type AwsAnswers } from "./support/aws-answers.ts";
import { containerOf, makeDatabase, makeRepository, makeService, pushImage } from "./support/deployed-parts.ts";
import { describeOnAws, startMoto, type EmulatedAws } from "./support/moto.ts";
import { runScript } from "./support/run-script.ts";

const REGION = "eu-central-1";
const ACCOUNT = "123456789012";
const HOST = "auth.example.com";
const USER = `arn:aws:iam::${ACCOUNT}:user/deployer`;

let aws: EmulatedAws;
let front: AwsAnswers;
let folder: string;
let variables: NodeJS.ProcessEnv;
let zoneId: string;
let nameServers: string[];

const options = () => aws.client(REGION);

/** Puts a stand-in for a program onto the PATH. */
function program(name: string, content: string): void {
  const file = join(folder, "bin", name);
  writeFileSync(file, `#!/bin/sh\n${content}\n`);
  chmodSync(file, 0o755);
}

/** Takes one off the PATH. */
const without = (name: string) => rmSync(join(folder, "bin", name));

/** Who asks. */
function iAm(arn: string): void {
  const answer = `<GetCallerIdentityResult><Arn>${arn}</Arn><UserId>A</UserId><Account>${ACCOUNT}</Account></GetCallerIdentityResult>`;
  front.says.GetCallerIdentity = () => ({ body: `<GetCallerIdentityResponse>${answer}</GetCallerIdentityResponse>` });
}

/** What IAM says of permissions: all are there but these. */
function iamDenies(...denied: string[]): void {
  front.says.SimulatePrincipalPolicy = (parameters) => {
    const names = [...parameters].flatMap(([key, value]) => (key.startsWith("ActionNames.") ? [value] : []));
    const results = names.map((name) => {
      const decision = denied.includes(name) ? "implicitDeny" : "allowed";
      return `<member><EvalActionName>${name}</EvalActionName><EvalResourceName>*</EvalResourceName><EvalDecision>${decision}</EvalDecision></member>`;
    });
    const list = `<EvaluationResults>${results.join("")}</EvaluationResults><IsTruncated>false</IsTruncated>`;
    return {
      body: `<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult>${list}</SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>`,
    };
  };
}

/** Where names lead to. */
function dnsOf(addresses: Record<string, string[]> = {}, servers: readonly string[] | Error = nameServers): Dns {
  const noSuchName = Object.assign(new Error("queryA ENOTFOUND"), { code: "ENOTFOUND" });
  return {
    addresses: (host) => (addresses[host] ? Promise.resolve(addresses[host]) : Promise.reject(noSuchName)),
    nameServers: () => (servers instanceof Error ? Promise.reject(servers) : Promise.resolve(servers)),
  };
}

type Changes = NonNullable<Parameters<typeof environmentOnAws>[0]>;

/** An environment in the zone that is there, whose id the emulation makes up (not as AWS does). */
function inZone(changes: Changes = {}): EnvironmentOnAws {
  const placeholder = { id: "ZPLACEHOLDER", name: "example.com" };
  const { aws: settings, ...environment } = environmentOnAws({
    region: REGION,
    adminCidrs: ["203.0.113.0/24"],
    ...changes,
    loadBalancer: { zone: placeholder, ...changes.loadBalancer },
  });
  const { zone, ...loadBalancer } = settings.loadBalancer;
  const id = zone!.id === placeholder.id ? zoneId : zone!.id;
  return { ...environment, aws: { ...settings, loadBalancer: { ...loadBalancer, zone: { ...zone!, id } } } };
}

async function rowsOf(environment = inZone(), dns = dnsOf(), checks = CHECKS): Promise<DoctorRow[]> {
  const rows = await examine(environment, { signal: new AbortController().signal, dns, checks });
  for (const row of rows) if (row.status !== "ok") expect(row.mend).toBeTruthy();
  return rows;
}

/** One row. */
async function rowOf(id: string, environment = inZone(), dns = dnsOf()): Promise<DoctorRow> {
  const checks = CHECKS.filter((check) => check.id === id);
  return (await rowsOf(environment, dns, checks))[0]!;
}

/** Ids of rows with a status. */
const withStatus = (rows: readonly DoctorRow[], status: DoctorRow["status"]) =>
  rows.flatMap((row) => (row.status === status ? [row.id] : []));

const deployService = () => makeService(new ECSClient(options()), namePrefix("test"));

async function deployLoadBalancer(): Promise<string> {
  const { Subnets } = await new EC2Client(options()).send(new DescribeSubnetsCommand({}));
  const { LoadBalancers } = await new ElasticLoadBalancingV2Client(options()).send(
    new CreateLoadBalancerCommand({
      Name: namePrefix("test"),
      Subnets: Subnets!.slice(0, 2).map(({ SubnetId }) => SubnetId!),
    }),
  );
  return LoadBalancers![0]!.DNSName!;
}

const makeZone = async (vpc?: string) => {
  const client = new Route53Client(options());
  const { HostedZone } = await client.send(
    new CreateHostedZoneCommand({
      Name: "example.com",
      CallerReference: String(Math.random()),
      ...(vpc && { VPC: { VPCId: vpc, VPCRegion: REGION }, HostedZoneConfig: { PrivateZone: true } }),
    }),
  );
  return HostedZone!.Id!.replace("/hostedzone/", "");
};

describeOnAws("npm run doctor", () => {
  beforeAll(async () => {
    aws = await startMoto();
    front = await startAwsAnswers(aws.variables.AWS_ENDPOINT_URL!);
    folder = mkdtempSync(join(tmpdir(), "doctor-"));
    mkdirSync(join(folder, "bin"));
    variables = { ...process.env };
    Object.assign(process.env, aws.variables, { AWS_ENDPOINT_URL: front.url, PATH: join(folder, "bin") });
    delete process.env.JAVA_HOME;
    delete process.env.TERRAFORM_BINARY_NAME;
  });
  afterAll(async () => {
    process.env = variables;
    rmSync(folder, { recursive: true });
    await front.stop();
    await aws.stop();
  });
  beforeEach(async () => {
    program("terraform", `echo '{"terraform_version":"1.11.4"}'`);
    program("docker", "echo 28.2.2");
    program("cdktf", "");
    program("java", "printf 'java.home = /java\\njava.version = 21.0.1\\njava.specification.version = 21\\n'");
    for (const key of Object.keys(front.says)) delete front.says[key];
    iAm(USER);
    iamDenies();
    front.says.GetServiceQuota = () => ({ body: { Quota: { Value: 5 } } });
    front.asked.length = 0;
    zoneId = await makeZone();
    const zone = await new Route53Client(options()).send(new GetHostedZoneCommand({ Id: zoneId }));
    nameServers = zone.DelegationSet!.NameServers!;
  });
  afterEach(() => aws.reset());

  test("[doctor.rows] [doctor.read-only] says ok, row by row in a fixed order, where nothing is missing", async () => {
    const seen: DoctorRow[] = [];
    const environment = inZone();
    const signal = new AbortController().signal;
    const rows = await examine(environment, { signal, dns: dnsOf(), onRow: (row) => seen.push(row) });
    expect(rows.filter(({ status }) => status !== "ok")).toEqual([]);
    expect(seen).toEqual(rows);
    expect([...new Set(rows.map(({ group }) => group))]).toEqual([
      "This machine",
      "AWS account",
      "Names and certificates",
    ]);
    expect(rows.map(({ id }) => id)).toEqual([
      "machine.node",
      "machine.terraform",
      "machine.cdktf",
      "machine.docker",
      "machine.java",
      "aws.credentials",
      "aws.region",
      "aws.permissions",
      "aws.secrets",
      "aws.backups",
      "aws.image",
      "aws.zones",
      "aws.vpcs",
      "aws.addresses",
      "aws.nat-gateways",
      "names.certificate",
      "names.zone",
      "names.delegation",
      "names.domain",
      "names.admin",
    ]);
    const changing = front.asked.filter((action) => !/^(Describe|Get|List|Simulate|HEAD |GET )/.test(action));
    expect(changing).toEqual([]);
  });

  describe("this machine", () => {
    test("[doctor.rows] says how to get what is missing", async () => {
      for (const name of ["terraform", "docker", "cdktf", "java"]) without(name);
      const rows = await rowsOf();
      expect(withStatus(rows, "fail")).toEqual(["machine.terraform", "machine.cdktf", "machine.docker"]);
      expect(withStatus(rows, "warn")).toEqual(["machine.java"]);
      expect(rows[1]!.mend).toContain("Install Terraform >= 1.11.0");
      expect(rows[2]!.mend).toContain("npm ci");
      expect(rows[3]!.mend).toContain("npm run build-image -- test --print");
    });

    test.each([
      ["26.7.3", "warn", /found none in .+ \(needed once a deployment changes Keycloak's release or options\)$/],
      ["26.4.5", "fail", /found none in .+, and this deployment changes Keycloak's release or options$/],
    ])("[doctor.rows] Java is missing where %s runs: %s", async (version, expected, found) => {
      without("java");
      const environment = inZone();
      const built = { ...imageRecipe(environment), version };
      const container = containerOf(environment, { image: "keycloak", built });
      await makeService(new ECSClient(options()), namePrefix("test"), { container });
      const row = await rowOf("machine.java", environment);
      expect(row).toMatchObject({ status: expected, found: expect.stringMatching(found) });
    });

    test.each([
      [`echo '{"terraform_version":"1.10.5"}'`, "1.10.5"],
      ["echo Terraform v1.11.4", "does not tell its version"],
      ["echo broken pipe >&2; exit 1", "does not work: broken pipe"],
    ])("a terraform that is of no use: %s", async (content, found) => {
      program("terraform", content);
      const row = await rowOf("machine.terraform");
      expect(row).toMatchObject({ status: "fail", found: expect.stringContaining(found) });
    });

    test("Docker is not needed where the image is in ECR", async () => {
      without("docker");
      const environment = inZone();
      const client = new ECRClient(options());
      const repository = namePrefix("test");
      await makeRepository(client, repository);
      expect(await rowOf("machine.docker")).toMatchObject({ status: "fail" });
      const tag = contentTag(imageRecipe(environment));
      await pushImage(client, repository, tag);
      const rows = await rowsOf();
      expect(withStatus(rows, "warn")).toEqual(["machine.docker"]);
      expect(rows.find(({ id }) => id === "aws.image")!.found).toBe(`${tag} is in keycloak-test`);
      // One that is named and is not there is built by nobody.
      const pinned = await rowsOf(inZone({ image: { tag: "other" } }));
      expect(withStatus(pinned, "fail")).toEqual(["aws.image"]);
    });
  });

  describe("the account", () => {
    test("[doctor.rows] nothing is said about the account of bad credentials", async () => {
      front.says.GetCallerIdentity = () => xmlError(403, "ExpiredToken", "The security token has expired");
      const rows = await rowsOf();
      expect(withStatus(rows, "fail")).toEqual(["aws.credentials"]);
      expect(rows.filter(({ id }) => id.startsWith("aws.") && id !== "aws.credentials")).toEqual(
        Array.from({ length: 9 }, () => expect.objectContaining({ status: "skip" })),
      );
    });

    test("[doctor.rows] another account than the environment's is named", async () => {
      const row = await rowOf("aws.credentials", inZone({ accountId: "111122223333" }));
      expect(row).toMatchObject({
        status: "fail",
        found: `account ${ACCOUNT} (${USER}), and aws.accountId is 111122223333`,
      });
    });

    test("a Region that is not enabled does not look like bad credentials", async () => {
      const identity = front.says.GetCallerIdentity!;
      let calls = 0;
      front.says.GetCallerIdentity = (...request) =>
        (calls += 1) === 1 ? xmlError(403, "InvalidClientTokenId", "invalid") : identity(...request);
      front.says.DescribeRegions = () => xmlError(401, "AuthFailure", "not able to validate");
      const rows = await rowsOf();
      expect(withStatus(rows, "fail")).toEqual(["aws.region"]);
      expect(rows.find(({ id }) => id === "aws.region")!.mend).toContain(
        `aws account enable-region --region-name ${REGION}`,
      );
    });

    test("[doctor.permissions] lists what is not allowed", async () => {
      iamDenies("rds:CreateDBCluster", "rds:CreateDBInstance", "ec2:CreateVpc", "ec2:DeleteVpc");
      const first = await rowOf("aws.permissions");
      expect(first).toMatchObject({
        status: "fail",
        found: "3 actions refused: rds:CreateDBCluster, CreateDBInstance; ec2:CreateVpc",
      });
      expect(first.mend).toContain(USER);
      // What is there already need not be made.
      await deployService();
      expect(await rowOf("aws.permissions")).toMatchObject({ status: "warn" });
    });

    test("[doctor.permissions] what AWS's own roles need, unless they are there", async () => {
      iamDenies("iam:CreateServiceLinkedRole");
      expect(await rowOf("aws.permissions")).toMatchObject({
        status: "fail",
        found: "1 action refused: iam:CreateServiceLinkedRole",
      });
      for (const service of ["ECS", "RDS", "ElasticLoadBalancing", "ApplicationAutoScaling_ECSService"])
        await new IAMClient(options()).send(
          new CreateRoleCommand({ RoleName: `AWSServiceRoleFor${service}`, AssumeRolePolicyDocument: "{}" }),
        );
      expect(await rowOf("aws.permissions")).toMatchObject({ status: "ok" });
    });

    test("[doctor.permissions] what only destroying needs is no failure", async () => {
      iamDenies("ec2:DeleteVpc");
      const row = await rowOf("aws.permissions");
      expect(row).toMatchObject({
        status: "warn",
        found: expect.stringContaining("lacks 1 action: ec2:DeleteVpc"),
      });
    });

    test("[doctor.permissions] where IAM does not tell, it is no failure", async () => {
      front.says.SimulatePrincipalPolicy = () => xmlError(403, "AccessDenied", "not authorized");
      expect(await rowOf("aws.permissions")).toMatchObject({ status: "skip" });
      iAm(`arn:aws:sts::${ACCOUNT}:federated-user/jane`);
      expect(await rowOf("aws.permissions")).toMatchObject({ status: "skip" });
      iAm(`arn:aws:iam::${ACCOUNT}:root`);
      expect(await rowOf("aws.permissions")).toMatchObject({ status: "warn" });
    });

    test("a session is asked about as its role, with the role's path", async () => {
      await new IAMClient(options()).send(
        new CreateRoleCommand({ RoleName: "Deployer", Path: "/teams/", AssumeRolePolicyDocument: "{}" }),
      );
      iAm(`arn:aws:sts::${ACCOUNT}:assumed-role/Deployer/jane@example.com`);
      let asked: string | null = "";
      const answer = front.says.SimulatePrincipalPolicy!;
      front.says.SimulatePrincipalPolicy = (parameters, body) => {
        asked = parameters.get("PolicySourceArn");
        return answer(parameters, body);
      };
      expect(await rowOf("aws.permissions")).toMatchObject({ status: "ok" });
      expect(asked).toBe(`arn:aws:iam::${ACCOUNT}:role/teams/Deployer`);
    });

    test("[doctor.rows] quotas count what is there, but for the environment's own", async () => {
      front.says.GetServiceQuota = () => ({ body: { Quota: { Value: 1 } } });
      // Every account has a VPC from the beginning; two zones need two addresses.
      const rows = await rowsOf();
      expect(withStatus(rows, "fail")).toEqual(["aws.vpcs", "aws.addresses"]);
      const Tags = Object.entries(environmentTags("test")).map(([Key, Value]) => ({ Key, Value }));
      await new EC2Client(options()).send(
        new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", TagSpecifications: [{ ResourceType: "vpc", Tags }] }),
      );
      const row = await rowOf("aws.vpcs", inZone({ network: { natGateways: "one" } }));
      expect(row).toMatchObject({ status: "ok", found: "there already" });
      front.says.GetServiceQuota = () => ({ status: 400, body: { __type: "AccessDeniedException", message: "no" } });
      expect(withStatus(await rowsOf(), "skip")).toEqual(["aws.vpcs", "aws.addresses", "aws.nat-gateways"]);
    });

    test("zones must be there", async () => {
      expect(await rowOf("aws.zones", inZone({ network: { availabilityZones: 4 } }))).toMatchObject({ status: "fail" });
      const named = inZone({ network: { availabilityZones: [`${REGION}a`, `${REGION}x`] } });
      expect(await rowOf("aws.zones", named)).toMatchObject({
        status: "fail",
        found: expect.stringContaining(`no zone ${REGION}x`),
      });
    });

    test("[doctor.rows] an existing VPC must be fit", async () => {
      const client = new EC2Client(options());
      const { Vpc } = await client.send(new CreateVpcCommand({ CidrBlock: "10.1.0.0/16" }));
      const subnet = async (zone: string, index: number) => {
        const CidrBlock = `10.1.${index}.0/24`;
        const { Subnet } = await client.send(
          new CreateSubnetCommand({ VpcId: Vpc!.VpcId, CidrBlock, AvailabilityZone: `${REGION}${zone}` }),
        );
        return Subnet!.SubnetId!;
      };
      const [a, b, c] = [await subnet("a", 1), await subnet("b", 2), await subnet("a", 3)] as [string, string, string];
      const existing = (vpcId: string, ...privateSubnetIds: string[]) =>
        inZone({
          network: { existingVpc: { vpcId, privateSubnetIds } },
          loadBalancer: { internal: true },
        });
      const networkRows = (environment: EnvironmentOnAws) =>
        rowsOf(
          environment,
          dnsOf(),
          CHECKS.filter(({ id }) => id === "aws.vpc" || id === "aws.subnets"),
        );
      const vpcId = Vpc!.VpcId!;
      const attributes = { VpcId: vpcId, EnableDnsHostnames: { Value: false } };
      await client.send(new ModifyVpcAttributeCommand(attributes));
      expect(withStatus(await networkRows(existing(vpcId, a, b)), "warn")).toEqual(["aws.vpc"]);
      await client.send(new ModifyVpcAttributeCommand({ VpcId: vpcId, EnableDnsHostnames: { Value: true } }));
      expect(withStatus(await networkRows(existing(vpcId, a, b)), "ok")).toEqual(["aws.vpc", "aws.subnets"]);
      await client.send(new ModifyVpcAttributeCommand({ VpcId: vpcId, EnableDnsSupport: { Value: false } }));
      expect(withStatus(await networkRows(existing(vpcId, a, c)), "fail")).toEqual(["aws.vpc", "aws.subnets"]);
      const absent = await networkRows(existing("vpc-0123456789abcdef0", "subnet-0123456789abcdef0", a));
      expect(withStatus(absent, "fail")).toEqual(["aws.vpc", "aws.subnets"]);
    });

    test("[doctor.rows] the state's bucket is there, and keeps versions", async () => {
      const Bucket = "example-terraform-state";
      const environment = inZone({ state: { bucket: Bucket } });
      expect(await rowOf("aws.state", environment)).toMatchObject({
        status: "fail",
        found: `there is no bucket ${Bucket}`,
      });
      const client = new S3Client(options());
      await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }));
      expect(await rowOf("aws.state", environment)).toMatchObject({ status: "warn" });
      await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
      expect(await rowOf("aws.state", environment)).toMatchObject({ status: "ok" });
      front.says[`HEAD /${Bucket}`] = () => ({ status: 403, body: "" });
      expect(await rowOf("aws.state", environment)).toMatchObject({ status: "fail" });
    });

    test("[doctor.rows] no bucket with dumps is given up", async () => {
      const Bucket = `keycloak-test-backups-${ACCOUNT}`;
      expect(await rowOf("aws.backups")).toMatchObject({ status: "ok", found: "no bucket of dumps is left behind" });
      const client = new S3Client(options());
      await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }));
      expect(await rowOf("aws.backups")).toMatchObject({
        status: "ok",
        found: `${Bucket} is empty, and will be removed`,
      });
      await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
      await client.send(new PutObjectCommand({ Bucket, Key: "database/one.dump", Body: "content" }));
      await client.send(new DeleteObjectCommand({ Bucket, Key: "database/one.dump" })); // its version stays
      expect(await rowOf("aws.backups")).toMatchObject({
        status: "fail",
        found: expect.stringMatching(/^keycloak-test-backups-\d+ holds dumps/),
      });
      expect(await rowsOf(inZone({ backup: { enabled: true } }))).not.toContainEqual(
        expect.objectContaining({ id: "aws.backups" }),
      );
    });

    test("[secrets.nowhere] secrets may be there or not; none is read, and one that all can read is refused", async () => {
      const client = new SSMClient(options());
      const { adminPassword, databasePassword } = secretNames("test");
      const put = (Name: string, Type: "String" | "SecureString") =>
        client.send(new PutParameterCommand({ Name, Value: "hunter2", Type, Overwrite: true }));
      await put(adminPassword, "SecureString");
      expect(await rowOf("aws.secrets")).toMatchObject({
        status: "ok",
        found: expect.stringContaining(databasePassword),
      });
      await makeDatabase(new RDSClient(options()), namePrefix("test"));
      expect(await rowOf("aws.secrets")).toMatchObject({
        status: "fail",
        found: `the parameter ${databasePassword} is gone, and the database is there: a new password would not be the database's`,
      });
      await put(databasePassword, "SecureString");
      expect(await rowOf("aws.secrets")).toMatchObject({ status: "ok", found: "2 of 2 are in SSM" });
      await put(databasePassword, "String");
      const rows = await rowsOf();
      expect(withStatus(rows, "fail")).toEqual(["aws.secrets"]);
      expect(JSON.stringify(rows)).not.toContain("hunter2");
      expect(front.asked).not.toContain("GetParameter");
    });
  });

  describe("names and certificates", () => {
    test("[doctor.rows] a certificate is there, and for the domain", async () => {
      const { CertificateArn } = await new ACMClient(options()).send(
        new RequestCertificateCommand({ DomainName: "*.example.com", ValidationMethod: "DNS" }),
      );
      const named = (certificateArn: string) => inZone({ loadBalancer: { certificateArn } });
      const pending = await rowOf("names.certificate", named(CertificateArn!));
      expect(pending).toMatchObject({ status: "fail", mend: expect.stringContaining(" CNAME ") });
      const missing = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/00000000-0000-4000-8000-000000000000`;
      expect(await rowOf("names.certificate", named(missing))).toMatchObject({ status: "fail" });
      const end = Date.now() / 1000 + 365 * 86_400;
      front.says.DescribeCertificate = () => ({
        body: { Certificate: { Status: "ISSUED", DomainName: "*.example.com", NotAfter: end } },
      });
      expect(await rowOf("names.certificate", named(missing))).toMatchObject({ status: "ok" });
    });

    test("[doctor.rows] a zone that is not there, or private, cannot prove a certificate", async () => {
      const missing = inZone({ loadBalancer: { zone: { id: "Z0123456789ABCDEFGHIJ", name: "example.com" } } });
      expect(withStatus(await rowsOf(missing), "fail")).toEqual(["names.zone"]);
      const other = inZone({ loadBalancer: { zone: { id: "ZPLACEHOLDER", name: "auth.example.com" } } });
      expect(await rowOf("names.zone", other)).toMatchObject({
        status: "fail",
        found: `${zoneId} is example.com, not auth.example.com`,
      });
      const { Vpc } = await new EC2Client(options()).send(new CreateVpcCommand({ CidrBlock: "10.1.0.0/16" }));
      zoneId = await makeZone(Vpc!.VpcId);
      expect(await rowOf("names.zone")).toMatchObject({
        status: "fail",
        found: expect.stringContaining("private zone"),
      });
      const certificateArn = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/00000000-0000-4000-8000-000000000000`;
      const rows = await rowsOf(inZone({ loadBalancer: { certificateArn, internal: true } }));
      expect(withStatus(rows, "ok")).toContain("names.zone");
    });

    test("[doctor.time] a zone that nobody asks is a warning; a resolver that does not answer is none", async () => {
      const servers = (answer: readonly string[] | Error) => rowOf("names.delegation", inZone(), dnsOf({}, answer));
      expect(await servers(["ns1.elsewhere.example."])).toMatchObject({ status: "warn" });
      expect(await servers(Object.assign(new Error(), { code: "ENODATA" }))).toMatchObject({
        status: "warn",
        mend: expect.stringContaining(nameServers[0]!),
      });
      expect(await servers(Object.assign(new Error(), { code: "ETIMEOUT" }))).toMatchObject({ status: "skip" });
      // The answer's order and spelling do not matter.
      expect(await servers(nameServers.map((one) => `${one.toUpperCase()}.`).reverse())).toMatchObject({
        status: "ok",
      });
    });

    test("[doctor.rows] a record of somebody else's at the domain is in the way", async () => {
      await new Route53Client(options()).send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId: zoneId,
          ChangeBatch: {
            Changes: [
              {
                Action: "CREATE",
                ResourceRecordSet: { Name: HOST, Type: "A", TTL: 60, ResourceRecords: [{ Value: "192.0.2.1" }] },
              },
            ],
          },
        }),
      );
      const rows = await rowsOf(inZone(), dnsOf({ [HOST]: ["192.0.2.1"] }));
      expect(withStatus(rows, "fail")).toEqual(["names.domain"]);
      // The environment's own is not: Terraform changes what it made.
      await deployLoadBalancer();
      expect(await rowOf("names.domain", inZone(), dnsOf({ [HOST]: ["192.0.2.1"] }))).not.toMatchObject({
        status: "fail",
      });
    });

    test("the domain points to the load balancer, or what makes it do so is said", async () => {
      const domain = (environment: EnvironmentOnAws, addresses: Record<string, string[]> = {}) =>
        rowOf("names.domain", environment, dnsOf(addresses));
      const certificateArn = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/00000000-0000-4000-8000-000000000000`;
      const unzoned = environmentOnAws({ loadBalancer: { certificateArn } });
      expect(await domain(unzoned)).toMatchObject({
        status: "warn",
        mend: expect.stringContaining("load_balancer_dns_name"),
      });
      expect(await domain(unzoned, { [HOST]: ["192.0.2.1"] })).toMatchObject({ status: "warn" });
      const target = await deployLoadBalancer();
      expect(await domain(unzoned)).toMatchObject({ mend: `Make the record: ${HOST} CNAME ${target}` });
      expect(await domain(inZone(), { [HOST]: ["192.0.2.7"], [target]: ["192.0.2.7", "192.0.2.8"] })).toEqual(
        expect.objectContaining({ status: "ok", found: `${HOST} points to the load balancer` }),
      );
      expect(await domain(inZone(), { [HOST]: ["192.0.2.1"], [target]: ["192.0.2.7"] })).toMatchObject({
        status: "warn",
      });
    });

    test("without adminCidrs the realm cannot be deployed", async () => {
      expect(await rowOf("names.admin", inZone({ adminCidrs: [] }))).toMatchObject({ status: "warn" });
    });
  });

  test("[doctor.rows] an account that refuses everything is a table all the same", async () => {
    const environment = inZone({ state: { bucket: "example-terraform-state" } });
    const identity = front.says.GetCallerIdentity!;
    const nothing = () => xmlError(403, "AccessDenied", "no");
    const nothingAtAll = () => ({ status: 400, body: { __type: "AccessDeniedException", message: "no" } });
    front.says = new Proxy(
      {},
      {
        get: (_, action: string) =>
          action === "GetCallerIdentity"
            ? identity
            : /^(GET|HEAD) |^Simulate|^DescribeRegions|^Describe(Vpcs|Addr|Avail|Nat|Subnets|Load)/.test(action)
              ? nothing
              : nothingAtAll,
      },
    );
    const rows = await rowsOf(environment);
    expect(rows).toHaveLength(21);
    // What a deployment itself asks.
    expect(withStatus(rows, "fail")).toEqual(["aws.state", "aws.secrets", "aws.image", "names.zone"]);
    front.says = {};
  });

  test("an interruption, and nothing else, is thrown", async () => {
    const abort = new AbortController();
    const examination = examine(inZone(), { signal: abort.signal, dns: dnsOf() });
    abort.abort(new UserError("Interrupted."));
    await expect(examination).rejects.toThrow("Interrupted.");
  });

  describe("the command", () => {
    test("[doctor.rows] exits with 1 where a deployment would fail, and says why", async () => {
      without("cdktf");
      const { code, stdout, stderr } = await runScript("doctor", ["production"]);
      expect(stderr).toBe("");
      expect(code).toBe(1);
      expect(stdout).toMatch(/^Environment production in us-east-1\n\nThis machine\n {2}ok {4}Node\.js {13}v\d/);
      expect(stdout).toMatch(/\n {2}FAIL {2}CDKTF +no cdktf on the PATH\n +→ Install the project's packages: npm ci\n/);
      expect(stdout).toMatch(/\nA deployment would fail\. \d+ ok, \d+ to look at, 2 to mend, \d+ skipped\.\n$/);
    });

    test("[doctor.rows] exits with 0 where it would not, whatever else there is to look at", async () => {
      // The example's zone.
      const zone =
        "<Id>/hostedzone/Z0123456789ABCDEFGHIJ</Id><Name>example.com.</Name><CallerReference>1</CallerReference>";
      front.says["GET /2013-04-01/hostedzone/Z0123456789ABCDEFGHIJ"] = () => ({
        body: `<GetHostedZoneResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><HostedZone>${zone}</HostedZone><DelegationSet><NameServers><NameServer>ns.invalid</NameServer></NameServers></DelegationSet></GetHostedZoneResponse>`,
      });
      without("java");
      const { code, stdout } = await runScript("doctor", ["production", "--json"]);
      const { rows, ...about } = JSON.parse(stdout) as { rows: DoctorRow[] } & Record<string, unknown>;
      expect(about).toMatchObject({ environment: "production", region: "us-east-1", ready: true, fail: 0 });
      expect(blocksDeployment(rows)).toBe(false);
      expect(withStatus(rows, "warn")).toContain("machine.java");
      expect(code).toBe(0);
    });
  });
});
