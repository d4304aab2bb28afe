import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CdktfCall, CdktfOrders } from "./cdktf-orders.ts";

/**
 * Stands in for CDKTF and Terraform: writes down what it was asked, with what variables, and makes on the emulated AWS and
 * the real Keycloak what the stacks would make. By order it fails, hangs, or is killed.
 */
const [verb, stack = "", ...flags] = process.argv.slice(2) as [string, string?, ...string[]];
const orders = JSON.parse(readFileSync(process.env.CDKTF_ORDERS!, "utf8")) as CdktfOrders;
const says = orders.says[`${verb} ${stack}`.trim()];
const targets = process.env.TF_CLI_ARGS_apply ?? process.env.TF_CLI_ARGS_plan;
const lock = join(orders.folder, `${stack}.lock`);

const note = (event: CdktfCall["event"]) => {
  const call: CdktfCall = {
    event,
    at: Date.now(),
    pid: process.pid,
    verb,
    stack,
    flags,
    targets,
    environment: process.env as Record<string, string>,
  };
  appendFileSync(orders.log, `${JSON.stringify(call)}\n`);
};
/** As CDKTF prints what Terraform says. */
const say = (...lines: string[]) => {
  for (const [index, line] of lines.entries())
    process.stdout.write(`${index === 0 && stack ? stack : " ".repeat(stack.length)}  ${line}\n`);
};
const fail = (...lines: string[]): never => {
  say(...lines);
  note("failed");
  process.exit(1);
};

note("begun");
process.on("SIGINT", () => {
  say("Interrupt received.", "Gracefully shutting down...");
  rmSync(lock, { force: true });
  note("interrupted");
  process.exit(1);
});
process.stdout.write("⠋  Processing\n");
if (verb === "synth") synth();
else await work();
note("ended");

function synth(): void {
  if (says === "fails") fail("environments/x.ts: name: is wrong");
  const name = orders.environment;
  const folder = join("cdktf.out", "stacks", `${name}-keycloak`);
  mkdirSync(folder, { recursive: true });
  const resource = { aws_rds_cluster_instance: { "database_instance-1_0A": {} } };
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ resource }));
  say(`Generated Terraform code for the stacks: ${name}-keycloak, ${name}-realm, ${name}-registry`);
}

async function work(): Promise<void> {
  if (says === "lock" || (verb === "deploy" && existsSync(lock)))
    fail(
      "Error: Error acquiring the state lock",
      "",
      "Lock Info:",
      "  ID:        6638e010-8fb0-46cf-966d-21e806602f3a",
    );
  writeFileSync(lock, "");
  if (says === "hangs") {
    say("Still creating... [10s elapsed]");
    await sleep(600_000);
  }
  if (says === "fails") fail("Error: creating something: ServiceUnavailable: try again");
  if (says === "killed") {
    rmSync(lock, { force: true });
    process.kill(process.ppid, "SIGKILL");
    process.exit(1);
  }
  // Only now: most of what a test orders needs none of it, and it takes a second to load.
  const { stackNamed } = await import("./stacks.ts");
  const parts = await stackNamed(stack, { orders, databaseOnly: Boolean(targets), refuse: fail });
  if (verb === "destroy") {
    await parts.remove();
    say("Destroy complete! Resources: 3 destroyed.");
  } else {
    const missing = await parts.missing();
    const changes = missing.map((part) => `  # ${part} will be created`);
    if (changes.length > 0)
      say(
        "Terraform will perform the following actions:",
        ...changes,
        `Plan: ${changes.length} to add, 0 to change, 0 to destroy.`,
      );
    else say("No changes. Your infrastructure matches the configuration.");
    if (verb === "deploy") {
      await sleep(orders.takes);
      await parts.make();
      say(`Apply complete! Resources: ${missing.length} added, 0 changed, 0 destroyed.`);
    }
  }
  rmSync(lock, { force: true });
}
