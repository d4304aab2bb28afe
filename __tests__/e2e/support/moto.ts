import { spawn } from "node:child_process";
import { describe } from "@jest/globals";
import { freePort } from "../../../scripts/lib/local/ports.ts";

/** AWS's services, emulated on this machine by moto's server. */
export interface EmulatedAws {
  /** For commands and SDKs: endpoint, credentials, Region. */
  readonly variables: Readonly<Record<string, string>>;
  /** How clients of SDKs are made that reach it, whatever the variables are. @param region @default "us-east-1" */
  client(region?: string): EmulatedClient;
  /** Forgets everything that was made. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** For the constructor of a client. */
export interface EmulatedClient {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The program, or undefined where it is not installed. `.ci/run` installs it. */
const motoServer = process.env.MOTO_SERVER;

/** A group of tests that need it: CI must have it; elsewhere they are skipped. */
export function describeOnAws(title: string, tests: () => void): void {
  if (motoServer || process.env.CI) describe(title, tests);
  else describe.skip(`${title} (skipped: MOTO_SERVER names no moto_server)`, tests);
}

/**
 * Starts it.
 * @param settings moto's own variables, such as `MOTO_ECS_SERVICE_RUNNING`
 */
export async function startMoto(settings: Readonly<Record<string, string>> = {}): Promise<EmulatedAws> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(motoServer!, ["--host", "127.0.0.1", "--port", String(port)], {
    stdio: "ignore",
    env: { ...process.env, ...settings },
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  for (let answers = false; !answers;) {
    if (child.exitCode !== null) throw new Error(`${motoServer} ended with ${child.exitCode}`);
    answers = await fetch(`${url}/moto-api/`).then(
      () => true,
      () => new Promise((resolve) => setTimeout(() => resolve(false), 100)),
    );
  }
  return {
    variables: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "testing",
      AWS_SECRET_ACCESS_KEY: "testing",
      AWS_REGION: "us-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    },
    client: (region = "us-east-1") => ({
      region,
      endpoint: url,
      credentials: { accessKeyId: "testing", secretAccessKey: "testing" },
    }),
    reset: async () => void (await fetch(`${url}/moto-api/reset`, { method: "POST" })),
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}
