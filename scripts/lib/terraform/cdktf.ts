import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "../errors.ts";
import { cacheDir } from "../local/cache-dir.ts";
import { TerraformLines } from "./cdktf-output.ts";
import { explainTerraform } from "./errors.ts";

/** What `cdktf` is asked to do with one stack. */
export interface CdktfRun {
  readonly verb: "diff" | "deploy" | "destroy";
  readonly stack: string;
  /** Addresses that Terraform is limited to, with what they need. @default everything */
  readonly targets?: readonly string[];
  /** Further environment variables, such as the administrator's: the only way by which a secret gets there. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** How it is run. */
export interface CdktfOptions {
  readonly signal: AbortSignal;
  /** Name of the environment: its logs are kept together. */
  readonly environment: string;
  /** Gets each line that it says, without colour. */
  readonly onLine?: (line: string) => void;
}

/** Credentials of Keycloak: for the realm's stack, and for no other. */
const ADMINISTRATOR = /^KEYCLOAK_(CLIENT_|USER|PASSWORD|REALM)/;

/** Synthesizes all stacks, once: what is planned, shown and applied afterwards is one and the same. */
export async function synthesize(options: CdktfOptions): Promise<void> {
  await run(["synth"], { stack: "", log: "synth" }, {}, options);
}

/**
 * Runs the ordinary `cdktf` for one stack, as it was synthesized. It asks nobody: what it would do has been shown before.
 * An interruption lets Terraform end what it has begun, so that its state is whole and its lock released.
 * @returns all that Terraform said, without colour
 * @throws UserError with the end of what it said, and where all of it is
 */
export async function cdktf(request: CdktfRun, options: CdktfOptions): Promise<string> {
  const { verb, stack, targets = [], variables = {} } = request;
  // The stacks that this one needs have had their turn.
  const alone = verb === "diff" ? [] : ["--auto-approve", "--ignore-missing-stack-dependencies"];
  const limits = targets.map((target) => `-target=${target}`).join(" ");
  // https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_cli_args-and-tf_cli_args_name
  const limited: Record<string, string> = limits ? { TF_CLI_ARGS_plan: limits, TF_CLI_ARGS_apply: limits } : {};
  const place = { stack, log: `${stack}-${verb}` };
  return run([verb, stack, "--skip-synth", ...alone], place, { ...limited, ...variables }, options);
}

async function run(
  parameters: readonly string[],
  { stack, log }: { readonly stack: string; readonly log: string },
  variables: Readonly<Record<string, string>>,
  { signal, environment, onLine }: CdktfOptions,
): Promise<string> {
  signal.throwIfAborted();
  const path = join(cacheDir(), "deploy", environment, `${log}.log`);
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  writeFileSync(path, "", { mode: 0o600 });
  const own = Object.entries(process.env).filter(([name]) => !ADMINISTRATOR.test(name));
  const child = spawn("cdktf", parameters, {
    env: { CHECKPOINT_DISABLE: "1", ...Object.fromEntries(own), ...variables }, // it does not call home, unless asked to
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // Ctrl-C is for this process: two of them would make Terraform drop everything
  });
  const interrupt = () => void child.kill("SIGINT");
  signal.addEventListener("abort", interrupt, { once: true });
  const said: string[] = [];
  const output = new TerraformLines(stack);
  const hear = (lines: readonly string[]) => {
    for (const line of lines) {
      said.push(line);
      appendFileSync(path, `${line}\n`);
      if (line.trim()) onLine?.(line.trim());
    }
  };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => hear(output.take(chunk)));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => hear(output.take(chunk)));
  const ended = await new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => reject(notStarted(error)));
    child.once("close", (code, name) => resolve(code ?? name!));
  }).finally(() => signal.removeEventListener("abort", interrupt));
  hear(output.end());
  signal.throwIfAborted();
  const text = said.join("\n");
  if (ended === 0) return text;
  const command = `cdktf ${parameters.slice(0, 2).join(" ")}`;
  throw new UserError(explainTerraform({ command, ended, said: text, log: path, stack }));
}

function notStarted(error: NodeJS.ErrnoException): Error {
  if (error.code !== "ENOENT") return error;
  return new UserError("cdktf is not on the PATH: run npm ci, then the command by npm run, which puts it there.");
}
