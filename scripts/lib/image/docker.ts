import { spawn } from "node:child_process";
import { UserError } from "../errors.ts";
import { withoutAdministrator } from "../keycloak/credentials.ts";

/** How a command of Docker is run. */
export interface DockerOptions {
  readonly signal: AbortSignal;
  /** Goes to its standard input: the way for secrets, which arguments would show to every process. */
  readonly input?: string;
  /** Gets each line that it says on standard error, where Docker shows progress. */
  readonly onLine?: (line: string) => void;
}

/** What a command of Docker said, and how it ended. */
export interface DockerOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Lines of a failed command that are shown. */
const TAIL = 20;

/** Runs `docker` from the PATH. */
export function docker(parameters: readonly string[], options: DockerOptions): Promise<DockerOutcome> {
  const { signal, input, onLine } = options;
  return new Promise((resolve, reject) => {
    const child = spawn("docker", parameters, {
      signal,
      env: withoutAdministrator(process.env),
      stdio: ["pipe", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop()!;
      for (const line of lines) if (line.trim()) onLine?.(line.trim());
    });
    child.once("error", (error: NodeJS.ErrnoException) => {
      if (signal.aborted) {
        // What it has started itself may hold the pipes, and they this process.
        for (const stream of [child.stdout, child.stderr]) stream.destroy();
        return reject(signal.reason as Error);
      }
      reject(error.code === "ENOENT" ? new UserError(NO_DOCKER) : error);
    });
    child.once("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
    child.stdin.on("error", () => undefined); // it ended without reading
    child.stdin.end(input);
  });
}

/**
 * The same, where it must succeed.
 * @throws UserError with the end of what it said
 */
export async function dockerOrFail(
  what: string,
  parameters: readonly string[],
  options: DockerOptions,
): Promise<string> {
  const { code, stdout, stderr } = await docker(parameters, options);
  if (code === 0) return stdout;
  const said = lastLines(`${stderr}\n${stdout}`);
  throw new UserError(`${what} failed: docker ${parameters.slice(0, 2).join(" ")} ended with ${code}.\n${said}`);
}

/** The end of what a failed command has said. */
export function lastLines(text: string): string {
  return text.trim().split(/\r?\n/).slice(-TAIL).join("\n");
}

const NO_DOCKER =
  "Docker is not installed, and the image needs it to be built. Install Docker with buildx (Docker Desktop, or your " +
  "system's docker-ce and docker-buildx-plugin), or build elsewhere: npm run build-image with --print shows the commands.";

/**
 * Makes sure, before anything else is asked of anybody, that there is an engine and buildx.
 * @throws UserError that says which of them is missing
 */
export async function assertDockerWorks(signal: AbortSignal): Promise<void> {
  const engine = await docker(["version", "--format", "{{.Server.Version}}"], { signal });
  if (engine.code !== 0)
    throw new UserError(
      `Docker's engine does not answer: ${firstLine(engine.stderr)} Start it (Docker Desktop, or systemctl start docker), ` +
        "or build elsewhere: npm run build-image with --print shows the commands.",
    );
  const buildx = await docker(["buildx", "version"], { signal });
  if (buildx.code !== 0)
    throw new UserError(
      "Docker has no buildx, which builds for the tasks' processor. Install it (docker-buildx-plugin), or build " +
        "elsewhere: npm run build-image with --print shows the commands.",
    );
}

function firstLine(text: string): string {
  const line = text.trim().split("\n", 1)[0]!;
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
