import { execFile } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Milliseconds after which a program is cut off. */
export const PROGRAM_LIMIT = 15_000;

/** Where a program is on the PATH; undefined where it is not. */
export async function findOnPath(name: string, variables: NodeJS.ProcessEnv): Promise<string | undefined> {
  const names = process.platform === "win32" ? [`${name}.cmd`, `${name}.exe`] : [name];
  for (const folder of (variables.PATH ?? "").split(delimiter).filter(Boolean))
    for (const file of names.map((one) => join(folder, one)))
      if (
        await access(file, constants.X_OK).then(
          () => true,
          () => false,
        )
      )
        return file;
  return undefined;
}

/** What became of a program. */
export interface ProgramOutcome {
  /** undefined where it was cut off, or could not be started. */
  readonly code?: number;
  readonly stdout: string;
  /** The first line of what it complained about, or why it did not run. */
  readonly complaint: string;
}

/** Runs a program without a shell, and cuts it off where it hangs. */
export function runProgram(
  file: string,
  parameters: readonly string[],
  { variables, signal, limit = PROGRAM_LIMIT }: { variables: NodeJS.ProcessEnv; signal: AbortSignal; limit?: number },
): Promise<ProgramOutcome> {
  return new Promise((resolve, reject) => {
    execFile(file, parameters, { env: variables, signal, timeout: limit }, (error, stdout, stderr) => {
      if (signal.aborted) return reject(signal.reason as Error);
      if (!error) return resolve({ code: 0, stdout, complaint: "" });
      if (error.killed) return resolve({ stdout, complaint: `no answer within ${limit / 1000} seconds` });
      const code = typeof error.code === "number" ? error.code : undefined;
      const said = stderr.trim() || (code === undefined ? error.message : `it ended with ${code}`);
      resolve({ code, stdout, complaint: said.split("\n", 1)[0]! });
    });
  });
}
