import { randomBytes } from "node:crypto";
import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { ACMClient, RequestCertificateCommand } from "@aws-sdk/client-acm";
import {
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import {
  CreateDBClusterCommand,
  DescribeDBClusterSnapshotsCommand,
  ModifyDBClusterCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { namePrefix } from "../../../../constructs/names.ts";
import { buildOptions, RECIPE_LABELS } from "../../../../keycloak-image/settings.ts";
import { cacheDir } from "../../../../scripts/lib/local/cache-dir.ts";
import { ensureDistribution } from "../../../../scripts/lib/local/distribution.ts";
import { findJava } from "../../../../scripts/lib/local/java.ts";
import { ensureBuilt } from "../../../../scripts/lib/local/keycloak-build.ts";
import { startKeycloak, type RunningKeycloak } from "../../../../scripts/lib/local/keycloak-process.ts";
import { freePort } from "../../../../scripts/lib/local/ports.ts";
import { until } from "../../../support/until.ts";
import { startAwsFront, type AwsFront } from "../aws-front.ts";
import { startMoto, type EmulatedAws } from "../moto.ts";
import { scriptParameters, startScript, withoutKeycloak, type Outcome, type RunningCommand } from "../run-script.ts";
import type { CdktfCall, CdktfOrders } from "./cdktf-orders.ts";
import { startHttpsFront, type HttpsFront } from "./https-front.ts";
import { forget } from "./realm-stack.ts";

const VERSION = "26.7.3";
export const ENVIRONMENT = "staging";
export const DOMAIN = "auth.staging.example.com";

/**
 * All that a deployment meets: an emulated AWS, a real Keycloak behind the load balancer's rules, stand-ins for CDKTF,
 * Terraform and Docker on the PATH, and a copy of the project to write environments into.
 */
export class DeployWorld {
  readonly folder = mkdtempSync(join(tmpdir(), "deploy-"));
  readonly project = join(this.folder, "project");
  private readonly cache = join(this.folder, "cache");
  private readonly keycloakLog = join(this.folder, "keycloak.log");
  front!: AwsFront;
  https!: HttpsFront;
  private aws!: EmulatedAws;
  private keycloak!: RunningKeycloak;
  readonly admin = { clientId: "e2e", clientSecret: randomBytes(24).toString("base64url") };
  private orders!: CdktfOrders;

  async start(): Promise<void> {
    this.copyProject();
    const java = await findJava();
    const { home } = await ensureDistribution(VERSION);
    const [port, managementPort] = [await freePort(), await freePort()];
    this.aws = await startMoto({ MOTO_ECS_SERVICE_RUNNING: "1", MOTO_ACM_VALIDATION_WAIT: "0" });
    this.front = await startAwsFront(this.aws.variables.AWS_ENDPOINT_URL!);
    this.https = await startHttpsFront({ domain: DOMAIN, target: port, folder: this.folder, java, realm: "mcp" });
    this.keycloak = await startKeycloak({
      home: await ensureBuilt({ home, java, options: buildOptions({ database: "dev-file", features: [] }) }),
      java,
      port,
      managementPort,
      publicUrl: `https://${DOMAIN}/auth`,
      data: { kind: "memory" },
      admin: this.admin,
      logFile: this.keycloakLog,
    });
    this.orders = {
      environment: ENVIRONMENT,
      log: join(this.folder, "cdktf.jsonl"),
      folder: this.folder,
      takes: 0,
      says: {},
      aws: this.aws.variables.AWS_ENDPOINT_URL!,
      keycloak: { url: this.keycloak.url, ...this.admin },
    };
    this.order({});
  }

  async stop(): Promise<void> {
    await Promise.all([this.keycloak?.stop(), this.https?.stop(), this.front?.stop(), this.aws?.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Makes the domain's certificate, which a deployment takes for given; an environment that is written already gets it. */
  async makeCertificate(): Promise<string> {
    const { CertificateArn } = await new ACMClient(this.aws.client()).send(
      new RequestCertificateCommand({ DomainName: DOMAIN, ValidationMethod: "DNS" }),
    );
    const file = join(this.project, "environments", `${ENVIRONMENT}.ts`);
    const named = /arn:aws:acm:[\w:/-]+/;
    if (existsSync(file)) writeFileSync(file, readFileSync(file, "utf8").replace(named, CertificateArn!));
    return CertificateArn!;
  }

  /** As before the first deployment: AWS has the certificate only, and Keycloak's database is empty. */
  async reset(): Promise<void> {
    await this.aws.reset();
    await this.makeCertificate();
    await forget(this.orders.keycloak, "mcp");
    for (const name of ["cdktf.jsonl", "docker.jsonl"]) rmSync(join(this.folder, name), { force: true });
    for (const action of Object.keys(this.front.faults)) delete this.front.faults[action];
    for (const action of Object.keys(this.front.says)) delete this.front.says[action];
    this.front.asked.length = 0;
    this.https.adminCidrs = ["127.0.0.0/8"];
    this.https.refuses = undefined;
    this.order({});
  }

  /** Tells the stand-in for CDKTF what happens from now on. */
  order(change: Partial<Pick<CdktfOrders, "says" | "takes" | "environment">>): void {
    writeFileSync(join(this.folder, "orders.json"), JSON.stringify({ ...this.orders, ...change }));
  }

  /** Changes the environment's file. */
  edit(change: (text: string) => string): void {
    const file = join(this.project, "environments", `${ENVIRONMENT}.ts`);
    const before = readFileSync(file, "utf8");
    const after = change(before);
    if (after === before) throw new Error(`nothing to change in ${before}`);
    writeFileSync(file, after);
  }

  /** What the stand-in for CDKTF did so far. */
  calls(): CdktfCall[] {
    return lines<CdktfCall>(join(this.folder, "cdktf.jsonl"));
  }

  /** Whether nothing is left that a stand-in for CDKTF does. */
  isIdle(): boolean {
    const begun = this.calls().filter(({ event }) => event === "begun").length;
    return this.calls().length === 2 * begun;
  }

  /** What the stand-in for Docker was asked so far. */
  dockerCalls(): { readonly at: number; readonly parameters: string[] }[] {
    return lines(join(this.folder, "docker.jsonl"));
  }

  /** Starts a command of the project. */
  begin(script: string, parameters: readonly string[], extra: Readonly<Record<string, string>> = {}): RunningCommand {
    const { FORCE_COLOR: _colour, ...own } = withoutKeycloak();
    return startScript(script, parameters, {
      variables: { ...own, ...this.variables(), ...extra },
      folder: this.project,
    });
  }

  /** Starts a command as a person would: on a terminal, where it asks and draws. */
  onTerminal(script: string, parameters: readonly string[]) {
    const command = [process.execPath, ...scriptParameters(script, parameters)].join(" ");
    const child = spawn("script", ["--quiet", "--return", "--command", `stty cols 120; ${command}`, "/dev/null"], {
      cwd: this.project,
      env: { ...process.env, ...this.variables(), TERM: "xterm" },
    });
    let said = "";
    child.stdout.on("data", (chunk) => (said += String(chunk)));
    const ended = new Promise<{ code: number | null }>((resolveEnd) =>
      child.once("close", (code) => resolveEnd({ code })),
    );
    const text = () => stripVTControlCharacters(said);
    return {
      ended,
      said: text,
      /** Waits until it has said something, or has ended. */
      untilSaid: (words: string) => until(() => text().includes(words) || child.exitCode !== null),
      type: (line: string) => child.stdin.write(`${line}\n`),
    };
  }

  /** Runs a command of the project to its end. */
  run(script: string, ...parameters: string[]): Promise<Outcome> {
    return this.begin(script, parameters).ended;
  }

  /** The value of a secret on AWS. */
  async secret(name: string): Promise<string> {
    const { Parameter } = await new SSMClient(this.aws.client()).send(
      new GetParameterCommand({ Name: name, WithDecryption: true }),
    );
    return Parameter!.Value!;
  }

  /** Gives a secret on AWS another value, or takes it away, behind the project's back. */
  async replaceSecret(Name: string, Value: string | undefined): Promise<void> {
    const ssm = new SSMClient(this.aws.client());
    if (Value === undefined) await ssm.send(new DeleteParameterCommand({ Name }));
    else await ssm.send(new PutParameterCommand({ Name, Value, Type: "SecureString", Overwrite: true }));
  }

  /** Asks AWS for so many tasks, behind the project's back. */
  async scale(desiredCount: number): Promise<void> {
    const service = namePrefix(ENVIRONMENT);
    await new ECSClient(this.aws.client()).send(new UpdateServiceCommand({ cluster: service, service, desiredCount }));
  }

  /** Makes the tasks those of another release, as an upgrade finds them. */
  async runsInstead(version: string): Promise<void> {
    const ecs = new ECSClient(this.aws.client());
    const name = namePrefix(ENVIRONMENT);
    const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: name }));
    const [container] = taskDefinition!.containerDefinitions!;
    const dockerLabels = { ...container!.dockerLabels, [RECIPE_LABELS.version]: version };
    const registered = await ecs.send(
      new RegisterTaskDefinitionCommand({ family: name, containerDefinitions: [{ ...container!, dockerLabels }] }),
    );
    const { taskDefinitionArn } = registered.taskDefinition!;
    await ecs.send(new UpdateServiceCommand({ cluster: name, service: name, taskDefinition: taskDefinitionArn }));
  }

  /** Turns the database's own protection on or off, behind the environment's back. */
  async protectDatabase(DeletionProtection: boolean): Promise<void> {
    const request = { DBClusterIdentifier: namePrefix(ENVIRONMENT), DeletionProtection, ApplyImmediately: true };
    await new RDSClient(this.aws.client()).send(new ModifyDBClusterCommand(request));
  }

  /** Makes a database that nothing else belongs to. */
  async makeDatabase(): Promise<void> {
    const names = { DBClusterIdentifier: namePrefix(ENVIRONMENT), Engine: "aurora-postgresql" };
    const master = { MasterUsername: "keycloak", MasterUserPassword: "a-stand-in-password" };
    await new RDSClient(this.aws.client()).send(new CreateDBClusterCommand({ ...names, ...master }));
  }

  /** Names of the database's snapshots. */
  async snapshots(): Promise<string[]> {
    const { DBClusterSnapshots = [] } = await new RDSClient(this.aws.client()).send(
      new DescribeDBClusterSnapshotsCommand({ SnapshotType: "manual" }),
    );
    return DBClusterSnapshots.map((snapshot) => snapshot.DBClusterSnapshotIdentifier!);
  }

  /** All files that were written: Terraform's folder, logs, the copy of the project. */
  writtenFiles(): string[] {
    return readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith("front.") && entry.name !== "orders.json")
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.includes("node_modules") && path !== this.keycloakLog);
  }

  /** Environment variables of the commands. */
  private variables(): Record<string, string> {
    const standIns = resolve(import.meta.dirname, "..", "stand-ins");
    return {
      ...this.aws.variables,
      ...this.https.variables,
      AWS_ENDPOINT_URL: this.front.url,
      PATH: `${standIns}:${process.env.PATH}`,
      CDKTF_ORDERS: join(this.folder, "orders.json"),
      DOCKER_LOG: join(this.folder, "docker.jsonl"),
      KEYCLOAK_MCP_CACHE: this.cache,
    };
  }

  private copyProject(): void {
    const root = resolve(import.meta.dirname, "../../../..");
    const left = new Set(["node_modules", ".git", "cdktf.out", "__tests__", "docs"].map((name) => join(root, name)));
    cpSync(root, this.project, { recursive: true, filter: (source) => !left.has(source) });
    symlinkSync(join(root, "node_modules"), join(this.project, "node_modules"));
    mkdirSync(this.cache);
    for (const part of ["distributions", "built"]) symlinkSync(join(cacheDir(), part), join(this.cache, part));
  }
}

function lines<Line>(path: string): Line[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}
