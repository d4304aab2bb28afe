import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { secretNames } from "../../constructs/names.ts";
import { until } from "../support/until.ts";
import type { CdktfCall } from "./support/deploy/cdktf-orders.ts";
import { faultsOf, type Fault } from "./support/deploy/faults.ts";
import { DeployWorld, DOMAIN, ENVIRONMENT } from "./support/deploy/world.ts";
import { untilSaid } from "./support/local-run.ts";
import { describeOnAws } from "./support/moto.ts";
import type { Outcome } from "./support/run-script.ts";

jest.setTimeout(120_000);

/** Requests to AWS that change nothing. */
const READS = /^(Describe|Get|List|Batch|Simulate|Head)/;

describeOnAws("npm run deploy", () => {
  const world = new DeployWorld();
  const deploy = (...parameters: string[]) => world.run("deploy", ENVIRONMENT, ...parameters);

  beforeAll(async () => {
    await world.start();
    const made = await world.run(
      "new-environment",
      ENVIRONMENT,
      ...["--domain", DOMAIN, "--mcp-server", "https://mcp.staging.example.com/mcp", "--region", "us-east-1"],
      ...["--certificate-arn", await world.makeCertificate(), "--stage", "development"],
      ...["--admin-cidr", "127.0.0.0/8", "--yes"],
    );
    expect(made).toMatchObject({ stderr: "", code: 0 });
  });
  afterAll(() => world.stop());

  const writes = () => world.front.asked.map(({ action }) => action).filter((action) => !READS.test(action));

  test("[deploy.whole] [deploy.order] [secrets.nowhere] from nothing to verified, and once more without a change", async () => {
    world.order({ takes: 2000 });
    const plan = await deploy("--plan");
    expect(plan.code).toBe(2);
    expect(plan.stdout).toMatch(/^change +secrets .+ 2 to make$/m);
    expect(plan.stdout).toMatch(/^later +database .+ not before the passwords are there$/m);
    expect(plan.stdout).toMatch(/^later +keycloak .+ not before the image is there$/m);
    expect(plan.stdout).toContain("# aws_ecr_repository.image will be created");
    expect(writes()).toEqual([]);
    expect(world.calls().filter(({ verb }) => verb === "deploy")).toEqual([]);

    const first = await deployBusy();
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(/^Deployed and verified: \d+ passed, 2 skipped\.\nIssuer +https:/);
    expect(first.stdout).toMatch(
      /\nAlarms +nobody is told: aws\.monitoring\.alarmEmail in environments\/staging\.ts\n/,
    );
    inOrder();
    const secrets = await Promise.all(Object.values(secretNames(ENVIRONMENT)).map((name) => world.secret(name)));
    for (const secret of secrets) expect(secret).toMatch(/^[0-9a-f]{64}$/);
    noSecret(secrets, [plan, first]);

    world.front.asked.length = 0;
    const second = await deploy("--auto-approve", "--json");
    expect(second.code).toBe(0);
    const results = Object.fromEntries(
      (JSON.parse(second.stdout) as { steps: { step: string; result: string }[] }).steps.map((step) => [
        step.step,
        step.result,
      ]),
    );
    expect(results).toMatchObject({
      secrets: "there already",
      registry: "no changes",
      database: "there already",
      image: expect.stringMatching(/is there already$/),
      keycloak: "no changes",
      realm: "no changes",
      policies: "as defined",
    });
    expect(writes()).toEqual([]);
    expect(await Promise.all(Object.values(secretNames(ENVIRONMENT)).map((name) => world.secret(name)))).toEqual(
      secrets,
    );
    expect(await deploy("--plan")).toMatchObject({ code: 0 });
    noSecret(secrets, [second]);
  });

  /** A deployment in which building takes as long as the database. */
  async function deployBusy(): Promise<Outcome> {
    return world.begin("deploy", [ENVIRONMENT, "--auto-approve"], { DOCKER_TAKES: "2000" }).ended;
  }

  /** [deploy.order] */
  function inOrder(): void {
    const calls = world.calls().filter(({ verb }) => verb === "deploy");
    const at = (stack: string, event: CdktfCall["event"], targeted = false) =>
      calls.find(
        (call) =>
          call.stack === `${ENVIRONMENT}-${stack}` && call.event === event && Boolean(call.targets) === targeted,
      )!.at;
    const build = world.dockerCalls().find(({ parameters }) => parameters.includes("--push"))!.at;
    expect(calls.find(({ targets }) => targets)!.targets).toBe(
      "-target=aws_rds_cluster_instance.database_instance-1_0A",
    );
    expect(at("registry", "ended")).toBeLessThan(at("keycloak", "begun", true));
    expect(at("registry", "ended")).toBeLessThan(build);
    // Side by side: the build, which takes two seconds, begins before the database is there.
    expect(build).toBeLessThan(at("keycloak", "ended", true));
    expect(at("keycloak", "ended", true)).toBeLessThan(at("keycloak", "begun"));
    expect(build + 2000).toBeLessThanOrEqual(at("keycloak", "begun"));
    expect(at("keycloak", "ended")).toBeLessThan(at("realm", "begun"));
    for (const { flags, environment } of calls) {
      expect(flags).toEqual(["--skip-synth", "--auto-approve", "--ignore-missing-stack-dependencies"]);
      expect(environment).not.toHaveProperty("TERRAFORM_SAVED_PLAN"); // nobody has seen one
    }
  }

  /** No secret but the administrator's, in the one variable that the Keycloak provider reads, of the realm's stack only. */
  function noSecret(secrets: readonly string[], outcomes: readonly Outcome[]): void {
    for (const secret of secrets) {
      for (const { stdout, stderr } of outcomes) expect(stdout + stderr).not.toContain(secret);
      for (const { stack, verb, flags, environment } of world.calls()) {
        expect(flags.join(" ")).not.toContain(secret);
        const holders = Object.entries(environment).flatMap(([name, value]) => (value.includes(secret) ? [name] : []));
        const allowed = stack.endsWith("-realm") && verb !== "synth" ? ["KEYCLOAK_PASSWORD"] : [];
        expect(allowed).toEqual(expect.arrayContaining(holders));
      }
      expect(JSON.stringify(world.dockerCalls())).not.toContain(secret);
      for (const file of world.writtenFiles().filter((path) => !path.endsWith("cdktf.jsonl")))
        expect([file, readFileSync(file).includes(secret)]).toEqual([file, false]);
    }
  }

  test("[deploy.approval] shows each plan on a terminal, and does nothing without a yes", async () => {
    await world.reset();
    const run = world.onTerminal("deploy", [ENVIRONMENT]);
    await run.untilSaid("Apply this to staging-registry?");
    expect(run.said()).toContain("aws_ecr_repository.image will be created");
    run.type("yes");
    await run.untilSaid("Apply this to staging-keycloak?");
    run.type("yes");
    await run.untilSaid("aws_ecs_service.service will be created");
    run.type("y");
    const { code } = await run.ended;
    expect(code).toBe(1);
    expect(run.said()).toMatch(/keycloak: staging-keycloak was not approved, and not changed\./);
    expect(run.said()).toMatch(/To go on: npm run deploy -- staging --from keycloak\r?\n/);
    const applied = world.calls().filter(({ verb, event }) => verb === "deploy" && event === "ended");
    expect(
      applied.map(({ stack, targets, environment }) => [stack, targets, environment.TERRAFORM_SAVED_PLAN]),
    ).toEqual([
      ["staging-registry", undefined, "plan"],
      ["staging-keycloak", undefined, "plan"], // the database only, as it was planned
    ]);
    expect(run.said()).toContain("✔");
  });

  test("asks nobody where nobody is, and knows its steps", async () => {
    const calls = world.calls();
    expect((await deploy()).stderr).toMatch(/^Error: Nobody is here to be shown the plans: add --auto-approve/);
    expect((await deploy("--auto-approve", "--from", "databse")).stderr).toMatch(
      /^Error: --from: "databse" is no step of this environment\. Allowed: check, secrets, registry, database, image/,
    );
    expect(world.calls()).toEqual(calls);
  });

  test("[deploy.realm-only] makes the realm alone on a Keycloak that runs elsewhere, as the one whom the variables name", async () => {
    await world.reset();
    world.order({ environment: "elsewhere" });
    const url = ["--url", `https://${DOMAIN}/auth`, "--mcp-server", "https://mcp.staging.example.com/mcp"];
    await world.run("new-environment", "elsewhere", "--realm-only", ...url);
    const parameters = ["elsewhere", "--auto-approve"];
    expect((await world.run("deploy", ...parameters)).stderr).toMatch(
      /realm: No administrator to log in to Keycloak with: none of them is set\.[^]*To go on: npm run deploy -- elsewhere --from realm/,
    );
    const { clientId, clientSecret } = world.admin;
    const variables = { KEYCLOAK_CLIENT_ID: clientId, KEYCLOAK_CLIENT_SECRET: clientSecret };
    const { code, stdout, stderr } = await world.begin("deploy", parameters, variables).ended;
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("SSM")]);
    expect(stdout).toMatch(/\nAdmin console +https:\S+\/auth\/admin\/\nHow it is +npm run verify -- elsewhere\n$/);
    expect(stderr.match(/^✔ [^:\n]+/gm)).toHaveLength(4); // synth, realm, policies, verify
    expect(world.front.asked).toEqual([]);
  });

  describe("that fails", () => {
    /** What the last run said to go on with. */
    let next = ["--auto-approve"];

    beforeAll(() => world.reset());

    async function runWith(fault: Fault): Promise<Outcome> {
      world.order({ says: fault.says ?? {} });
      await fault.before?.();
      const begun = Date.now();
      const run = world.begin("deploy", [ENVIRONMENT, ...next], fault.variables);
      const { stopAt } = fault;
      if (stopAt) {
        await until(() => hasBegun(stopAt.call, begun) || run.child.exitCode !== null);
        run.child.kill(stopAt.signal);
        if (fault.says && stopAt.signal === "SIGINT") await untilSaid(run, "Terraform first ends what it does");
        world.order({}); // and so it does, in its own time
      }
      const outcome = await run.ended;
      await until(() => world.isIdle()); // where the command was killed, Terraform goes on to its end
      for (const action of Object.keys(world.front.faults)) delete world.front.faults[action];
      delete world.front.says.DescribeServices;
      world.https.refuses = undefined;
      world.https.adminCidrs = ["127.0.0.0/8"];
      return outcome;
    }

    /** Whether somebody was asked this since a moment; see {@link Fault.stopAt}. */
    function hasBegun(call: string, since: number): boolean {
      const late = <Event extends { readonly at: number }>(events: readonly Event[]) =>
        events.filter(({ at }) => at >= since);
      if (call === "docker") return late(world.dockerCalls()).some(({ parameters }) => parameters.includes("--push"));
      if (call.startsWith("AWS ")) return late(world.front.asked).some(({ action }) => `AWS ${action}` === call);
      const [method, part] = call.split(" ") as [string, string];
      return (
        late(world.https.seen).some((request) => request.method === method && request.path.includes(part)) ||
        late(world.calls()).some(({ event, verb, stack }) => event === "begun" && `${verb} ${stack}` === call)
      );
    }

    test.each(faultsOf(world))("[deploy.faults] $name", async (fault) => {
      const { code, stderr } = await runWith(fault);
      if (!fault.message) {
        expect(code).toBeNull();
        next = ["--auto-approve"];
        return;
      }
      expect(stderr).toMatch(fault.message);
      expect(code).toBe(fault.stopAt ? 130 : 1);
      expect(stderr).not.toMatch(/\n\s+at /); // no stack trace
      const command = /^To go on: npm run deploy -- staging(.*)$/m.exec(stderr)![1]!;
      expect(command).toBe(`${fault.from ? ` --from ${fault.from}` : ""} --auto-approve`);
      next = command.trim().split(" ");
    });

    test("[deploy.faults] after all of them the environment is deployed and verified, also where AWS throttles each request once", async () => {
      const actions = [...new Set(world.front.asked.map(({ action }) => action))];
      const throttled = () => actions.forEach((action) => (world.front.faults[action] = ["throttled"]));
      expect(await runWith({ name: "none", before: throttled })).toMatchObject({ code: 0 });
      next = ["--auto-approve"];
      const again = await runWith({ name: "none" });
      expect(again.code).toBe(0);
      expect(again.stderr).toMatch(/✔ Realm: no changes/);
    });
  });

  test("[deploy.upgrade] replaces no task by one that must not run beside it, and takes a snapshot before it stops all", async () => {
    await world.runsInstead("26.4.5");
    const refused = await deploy("--auto-approve", "--from", "keycloak");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /keycloak: Keycloak 26\.4\.5, which runs, and 26\.7\.3 must not run at once[^]*Nothing was changed\.\n +'[^]*aws\.service\.deployment: "recreate" in environments\/staging\.ts/,
    );
    expect(refused.stderr).toMatch(/To go on: npm run deploy -- staging --from keycloak --auto-approve/);
    expect(await world.snapshots()).toEqual([]);

    const service = '  aws: {\n    service: { deployment: "recreate" },';
    world.edit((text) => text.replace("  aws: {", service));
    const { code, stderr } = await deploy("--auto-approve", "--from", "keycloak");
    world.edit((text) => text.replace(service, "  aws: {"));
    expect(stderr).toMatch(/they may not: all old ones are stopped first[^]*✔ Verify/);
    expect(code).toBe(0);
    expect(await world.snapshots()).toEqual([expect.stringMatching(/^keycloak-staging-before-26-7-3-\d{8}t\d{4}$/)]);
  });

  test("[deploy.faults] makes no password for a database that has another one", async () => {
    const name = secretNames(ENVIRONMENT).databasePassword;
    const value = await world.secret(name);
    await world.replaceSecret(name, undefined);
    const gone = "the parameter /keycloak/staging/db_password is gone, and the database is there";
    const { code, stderr } = await deploy("--auto-approve", "--from", "secrets");
    expect([code, stderr]).toEqual([1, expect.stringContaining(`secrets: ${gone}`)]);
    const plan = await deploy("--plan");
    expect([plan.code, plan.stdout]).toEqual([1, expect.stringMatching(new RegExp(`^FAIL +secrets .+ ${gone}`, "m"))]);
    await world.replaceSecret(name, value);
  });

  test("[deploy.faults] says that somebody has stopped the tasks, and how to start them", async () => {
    await world.scale(0);
    const { code, stderr } = await deploy("--auto-approve", "--from", "service");
    await world.scale(2);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/service: Keycloak is stopped: its desired count on AWS is 0/),
    ]);
    expect(stderr).toMatch(
      /\n {2}aws ecs update-service --region us-east-1 .* --desired-count [12]\n {2}aws application-/,
    );
  });

  describe("and npm run destroy", () => {
    const destroy = (...parameters: string[]) => world.run("destroy", ENVIRONMENT, ...parameters);

    test("[destroy.guard] destroys nothing that is protected, nor production without its name typed", async () => {
      const before = world.calls();
      expect((await destroy("--yes")).stderr).toMatch(
        /^Error: staging is protected: realm\.deletionProtection in environments\/staging\.ts\. Nothing was destroyed\./,
      );
      world.edit((text) => text.replace('stage: "development"', 'stage: "production"'));
      expect((await destroy("--yes")).stderr).toMatch(
        /^Error: staging is a production environment \(aws\.stage\): --yes/,
      );
      world.edit((text) => text.replace('stage: "production"', 'stage: "development"'));
      const settings = "  realm: { deletionProtection: false },\n  aws: {\n    database: { finalSnapshot: true },";
      world.edit((text) => text.replace("  aws: {", settings));
      await world.protectDatabase(true);
      expect((await destroy("--yes")).stderr).toMatch(
        /^Error: AWS still protects the database keycloak-staging of staging, although its file does not any more\./,
      );
      await world.protectDatabase(false);
      expect((await destroy()).stderr).toMatch(
        /staging in account 123456789012, us-east-1, will be destroyed\. For good go:\n {2}the database[^]*Nobody is here to be asked/,
      );
      const run = world.onTerminal("destroy", [ENVIRONMENT]);
      await run.untilSaid("Type staging to go on:");
      run.type("yes");
      expect(await run.ended).toMatchObject({ code: 1 });
      expect(world.calls()).toEqual(before);
    });

    test("[destroy.stacks] destroys the last stack first, goes on where it failed, and says what stays", async () => {
      world.order({ says: { "destroy staging-registry": "fails" } });
      const failed = await destroy("--yes");
      expect(failed.code).toBe(1);
      expect(failed.stderr).toMatch(
        /cdktf destroy staging-registry ended with 1:[^]*To go on: npm run destroy -- staging\n/,
      );
      world.order({});
      // The database is gone, and its last snapshot is not taken for one that is in the way.
      const { code, stdout, stderr } = await destroy("--yes");
      expect([code, stderr]).toEqual([0, expect.stringMatching(/✔ Registry and images: 1 destroyed/)]);
      expect(stdout).toMatch(/^staging is destroyed\. What stays:\nSnapshot +keycloak-staging-final, with the realm/);
      expect(stdout).toMatch(/aws kms cancel-key-deletion[^]*aws kms enable-key[^]*aws rds copy-db-cluster-snapshot/);
      const done = world.calls().filter(({ verb, event }) => verb === "destroy" && event === "ended");
      // The realm is in the snapshot: nobody has deleted it before.
      expect(done.map(({ stack }) => stack)).toEqual(["staging-keycloak", "staging-keycloak", "staging-registry"]);
      for (const { environment } of done) expect(environment.TF_CLI_ARGS_destroy).toBe("-refresh=false");
      expect(await destroy("--yes")).toMatchObject({ code: 0 }); // what is gone is no error
    });

    test("[destroy.guard] does not begin where an earlier environment's snapshot has the name of its last one", async () => {
      await world.makeDatabase();
      expect((await destroy("--yes")).stderr).toMatch(/^Error: There is a snapshot keycloak-staging-final already/);
    });
  });
});
