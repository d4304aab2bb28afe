import { spawn, type ChildProcess } from "node:child_process";

/** What a command has come to. */
export interface Outcome {
  /** null where a signal has ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs, and what it has said so far. */
export interface RunningCommand {
  readonly child: ChildProcess;
  readonly said: { readonly stdout: string; readonly stderr: string };
  readonly ended: Promise<Outcome>;
}

/** What a command is run with. */
export interface RunOptions {
  /** All of its environment variables. @default this process's */
  readonly variables?: NodeJS.ProcessEnv;
  /** @default this process's */
  readonly folder?: string;
}

/** Parameters with which Node.js runs a command of `scripts/`. */
export function scriptParameters(script: string, parameters: readonly string[]): string[] {
  return ["--import", "tsx", `scripts/${script}.ts`, ...parameters];
}

/** Starts a command of `scripts/`, with nobody to type anything. */
export function startScript(
  script: string,
  parameters: readonly string[] = [],
  { variables: env, folder: cwd }: RunOptions = {},
): RunningCommand {
  const child = spawn(process.execPath, scriptParameters(script, parameters), {
    cwd,
    env: env ?? process.env, // jest's own, which spawn would not see
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (said.stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (said.stderr += chunk));
  const ended = new Promise<Outcome>((resolve) => child.once("close", (code) => resolve({ code, ...said })));
  return { child, said, ended };
}

/** Runs a command of `scripts/` to its end. */
export function runScript(script: string, parameters: readonly string[], options?: RunOptions): Promise<Outcome> {
  return startScript(script, parameters, options).ended;
}

/** Variables of whoever runs the tests, but for those that would name an administrator or a cache. */
export function withoutKeycloak(variables: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith("KEYCLOAK_")));
}
