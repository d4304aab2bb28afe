import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { cdktf, synthesize } from "../../scripts/lib/terraform/cdktf.ts";
import { readPlan } from "../../scripts/lib/terraform/plan.ts";
import { until } from "../support/until.ts";

jest.setTimeout(120_000);

/** A stack of what is built into Terraform, so that no provider is needed: `b` needs `a`, and `c` is by itself. */
const APP = `
import { App, LocalBackend, TerraformResource, TerraformStack } from "cdktf";
const app = new App();
const first = new TerraformStack(app, "test-registry");
const stack = new TerraformStack(app, "test-keycloak");
stack.addDependency(first);
for (const each of [first, stack]) new LocalBackend(each, { path: "../../../terraform." + each.node.id + ".tfstate" });
const make = (id, input) => {
  const one = new TerraformResource(stack, id, { terraformResourceType: "terraform_data" });
  one.addOverride("input", input);
  one.overrideLogicalId(id);
};
make("a", process.env.FAILS ? '\${file("/nowhere")}' : "hello");
make("b", "\${terraform_data.a.output}");
make("c", "by itself");
const slow = new TerraformStack(app, "test-slow");
new LocalBackend(slow, { path: "../../../terraform.test-slow.tfstate" });
const one = new TerraformResource(slow, "slow", { terraformResourceType: "terraform_data" });
one.overrideLogicalId("slow");
one.addOverride("provisioner", [{ "local-exec": { command: "sleep 4" } }]);
app.synth();
`;

/** Deploys the slow stack in a process of its own, to be killed. */
const CHILD = `
import { cdktf } from ${JSON.stringify(resolve("scripts/lib/terraform/cdktf.ts"))};
const options = { environment: "test", signal: new AbortController().signal, onLine: (line) => console.log(line) };
await cdktf({ verb: "deploy", stack: "test-slow" }, options);
`;

const terraform = await promisify(execFile)("terraform", ["version"]).catch(() => undefined);
const why = terraform ? "" : " (skipped: there is no terraform on the PATH)";

(why ? describe.skip : describe)(`the real cdktf and Terraform${why}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "cdktf-"));
  const here = process.cwd();
  const variables = { ...process.env };
  const signal = new AbortController().signal;
  const options = { environment: "test", signal };
  const run = (verb: "diff" | "deploy" | "destroy", targets?: string[], planned?: boolean) =>
    cdktf({ verb, stack: "test-keycloak", targets, planned }, options);

  beforeAll(async () => {
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
    mkdirSync(join(folder, "cache"));
    writeFileSync(join(folder, "main.mjs"), APP);
    writeFileSync(
      join(folder, "cdktf.json"),
      JSON.stringify({ language: "typescript", app: "node main.mjs", sendCrashReports: "false" }),
    );
    process.env.PATH = `${resolve("node_modules/.bin")}${delimiter}${process.env.PATH}`;
    process.env.KEYCLOAK_MCP_CACHE = join(folder, "cache");
    process.env.TF_CLI_CONFIG_FILE = "/dev/null";
    process.chdir(folder);
    await synthesize(options);
  });
  afterAll(() => {
    process.chdir(here);
    process.env = variables;
    rmSync(folder, { recursive: true });
  });

  const resources = () =>
    (
      JSON.parse(readFileSync(join(folder, "terraform.test-keycloak.tfstate"), "utf8")) as {
        resources: { name: string }[];
      }
    ).resources
      .map(({ name }) => name)
      .sort();

  test("[deploy.targets] make a part of a stack first, with what it needs, then the rest, then nothing", async () => {
    const part = readPlan("test-keycloak", await run("diff", ["terraform_data.b"]));
    expect(part).toMatchObject({ changes: true, summary: "2 to add, 0 to change, 0 to destroy" });
    expect(part.text).toMatch(/# terraform_data\.b[^]*will be created/);
    await run("deploy", ["terraform_data.b"]);
    expect(resources()).toEqual(["a", "b"]);
    // The stack that this one needs is not there, and not asked for.
    expect(await run("deploy")).toMatch(/Apply complete! Resources: 1 added, 0 changed, 0 destroyed\./);
    expect(resources()).toEqual(["a", "b", "c"]);
    expect(readPlan("test-keycloak", await run("diff"))).toMatchObject({ changes: false, summary: "no changes" });
  });

  test("[deploy.approval] apply the plan that was shown, with its targets, and none that something else has overtaken", async () => {
    await run("destroy");
    await run("diff", ["terraform_data.b"]);
    expect(await run("deploy", ["terraform_data.b"], true)).toMatch(/Apply complete! Resources: 2 added, 0 changed/);
    expect(resources()).toEqual(["a", "b"]);

    const shown = readPlan("test-keycloak", await run("diff"));
    expect(shown.summary).toBe("1 to add, 0 to change, 0 to destroy");
    await run("destroy"); // somebody else
    await expect(run("deploy", undefined, true)).rejects.toThrow(
      /Saved plan is stale[^]*\nSomething has changed test-keycloak since this plan was made, so nothing of it was applied\. Run it again/,
    );
    expect(resources()).toEqual([]);
    await run("deploy");
    expect(resources()).toEqual(["a", "b", "c"]);
  });

  describe("while they make something", () => {
    const state = join(folder, "terraform.test-slow.tfstate");
    const lock = join(folder, ".terraform.test-slow.tfstate.lock.info");
    /** Whether each thing was made to its end; one that was stopped is tainted, and would be replaced. */
    const made = () => {
      if (!existsSync(state)) return undefined;
      type Instances = { resources: { instances: { status?: string }[] }[] };
      const { resources: all } = JSON.parse(readFileSync(state, "utf8")) as Instances;
      return all.flatMap(({ instances }) => instances.map(({ status }) => status ?? "whole"));
    };
    afterEach(async () => {
      await cdktf({ verb: "destroy", stack: "test-slow" }, options);
      rmSync(state);
    });

    test("[deploy.interrupt] are waited for when the command is interrupted", async () => {
      const abort = new AbortController();
      const waits: string[] = [];
      const onLine = (line: string) =>
        void (line.includes("Provisioning with") && abort.abort(new Error("Interrupted.")));
      const interrupted = {
        environment: "test",
        signal: abort.signal,
        onLine,
        onWait: (text: string) => waits.push(text),
      };
      await expect(cdktf({ verb: "deploy", stack: "test-slow" }, interrupted)).rejects.toThrow("Interrupted.");
      expect(waits).toEqual([expect.stringMatching(/^interrupted; Terraform first ends what it does with test-slow/)]);
      expect([made(), existsSync(lock)]).toEqual([["whole"], false]);
    });

    test("[deploy.interrupt] go on to their end when the command is killed", async () => {
      writeFileSync(join(folder, "child.mts"), CHILD);
      const child = spawn(process.execPath, ["--import", "tsx", "child.mts"], { cwd: folder, detached: true });
      let said = "";
      child.stdout.on("data", (chunk) => (said += String(chunk)));
      child.stderr.on("data", (chunk) => (said += String(chunk)));
      await until(() => said.includes("Provisioning with") || child.exitCode !== null);
      expect([child.exitCode, existsSync(lock)]).toEqual([null, true]);
      process.kill(-child.pid!, "SIGKILL");
      await until(() => !existsSync(lock));
      expect(made()).toEqual(["whole"]);
    });
  });

  test("are told of as they fail", async () => {
    process.env.FAILS = "1";
    await synthesize(options);
    await expect(run("deploy")).rejects.toThrow(
      /^cdktf deploy test-keycloak ended with 1:\n[^]*no file exists at[^]*All that it said: \S+\/deploy\/test\/test-keycloak-deploy\.log$/,
    );
    delete process.env.FAILS;
    await synthesize(options);
  });

  test("destroy what they made", async () => {
    expect(await run("destroy")).toMatch(/Destroy complete! Resources: 3 destroyed\./);
    expect(resources()).toEqual([]);
  });
});
