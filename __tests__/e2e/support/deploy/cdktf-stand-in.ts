import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CdktfCall, CdktfOrders } from "./cdktf-orders.ts";

/**
 * Stands in for CDKTF and Terraform: writes down what it was asked, with what variables, and makes on the emulated AWS and
 * the real Keycloak what the stacks would make. By order it fails, hangs, or is killed.
 */
const [verb, stack = "", ...flags] = process.argv.slice(2) as [string, string?, ...string[]];
const orders = JSON.parse(readFileSync(process.env.CDKTF_ORDERS!, "utf8")) as CdktfOrders;
/** What is ordered for this call now: orders may change while it runs. */
const ordered = () =>
  (JSON.parse(readFileSync(process.env.CDKTF_ORDERS!, "utf8")) as CdktfOrders).says[`${verb} ${stack}`.trim()];
const says = ordered();
const targets = verb === "diff" ? process.env.TF_CLI_ARGS_plan : process.env.TF_CLI_ARGS_apply;
/** Of the file that `diff` leaves behind, and a deployment applies where it is told to. */
const plan = join("cdktf.out", "stacks", stack, process.env.TERRAFORM_SAVED_PLAN ?? "plan");
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

/** As the backend in S3 says it, with an ID before the lock's that is another. */
const LOCKED = [
  "╷",
  "│ Error: Error acquiring the state lock",
  "│ ",
  "│ Error message: operation error S3: PutObject, https response error",
  "│ StatusCode: 412, RequestID: 7M3KQXP4V9Z1T0AB, HostID: fpP0q/eO=, api error",
  "│ PreconditionFailed: At least one of the pre-conditions you specified did not hold",
  "│ Lock Info:",
  "│   ID:        6638e010-8fb0-46cf-966d-21e806602f3a",
  "│   Path:      states/keycloak/staging/staging-registry.tfstate",
  "╵",
];

note("begun");
process.stdout.on("error", () => undefined); // whoever listened has died: Terraform goes on
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
  if (says === "lock" || existsSync(lock)) fail(...LOCKED);
  writeFileSync(lock, "");
  process.once("exit", () => rmSync(lock, { force: true })); // in order, as by terraform-in-order.sh
  if (says === "hangs") say("Still creating... [10s elapsed]");
  while (ordered() === "hangs") await sleep(100);
  if (says === "fails") fail("Error: creating something: ServiceUnavailable: try again");
  if (says === "killed") process.kill(process.ppid, "SIGKILL");
  process.env.AWS_ENDPOINT_URL = orders.aws;
  // Only now: most of what a test orders needs none of it, and it takes a second to load.
  const { stackNamed } = await import("./stacks.ts");
  const databaseOnly =
    verb === "deploy" && process.env.TERRAFORM_SAVED_PLAN
      ? readFileSync(plan, "utf8") === "database"
      : Boolean(targets);
  const parts = await stackNamed(stack, { orders, databaseOnly, refuse: fail });
  if (verb === "destroy") {
    say(`Destroy complete! Resources: ${await parts.remove()} destroyed.`);
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
    if (verb === "diff") {
      mkdirSync(dirname(plan), { recursive: true });
      writeFileSync(plan, databaseOnly ? "database" : "all");
    }
    if (verb === "deploy") {
      await sleep(orders.takes);
      await parts.make();
      say(`Apply complete! Resources: ${missing.length} added, 0 changed, 0 destroyed.`);
    }
  }
}
