import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, test } from "@jest/globals";

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command without a terminal. */
function run(...more: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ["--import", "tsx", "scripts/new-environment.ts", ...more],
      (_, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
    child.stdin?.end();
  });
}

test("[environment.new] without a terminal, npm run new-environment lists what is missing and exits 1", async () => {
  const { code, stdout, stderr } = await run("missing-flags", "--domain", "auth.example.com");
  expect(stderr).toMatch(
    /^Error: Nobody is here to be asked\.[^\n]*\n {2}--mcp-server \S+\n {2}--region \S+\n {2}--zone-id/,
  );
  expect(stdout).toBe("");
  expect(code).toBe(1);
  expect(existsSync("environments/missing-flags.ts")).toBe(false);
}, 20_000);

test("--print prints the file and writes none", async () => {
  const server = (url: string) => ["--mcp-server", url];
  const { code, stdout, stderr } = await run(
    "only-print",
    ...["--realm-only", "--domain", "auth.example.com", "--print"],
    ...[...server("https://a.example.com/mcp"), ...server("https://b.example.com/mcp=mcp:b")],
  );
  expect(stderr).toBe("");
  expect(stdout).toMatch(
    /^import \{ defineEnvironment \}[^]*resource: "https:\/\/b\.example\.com\/mcp", scope: "mcp:b"/,
  );
  expect(code).toBe(0);
  expect(existsSync("environments/only-print.ts")).toBe(false);
}, 20_000);
