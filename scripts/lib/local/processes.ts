import { execFile } from "node:child_process";

/** A process of this machine. */
export interface ProcessInfo {
  readonly pid: number;
  /** Who started it, or 1 where that one has ended. */
  readonly parent: number;
  /** Its process group. */
  readonly group: number;
  /** Name of its program; with the path on macOS. */
  readonly program: string;
}

/** The processes of this machine that have not ended, as `ps` tells them; none where there is no `ps`. */
export function listProcesses(): Promise<ProcessInfo[]> {
  return new Promise((resolve) => {
    execFile("ps", ["-A", "-o", "pid=,ppid=,pgid=,stat=,comm="], { maxBuffer: 16 << 20 }, (_error, stdout) => {
      const rows = stdout.split("\n").map((row) => row.trim().split(/\s+/));
      resolve(
        rows
          .filter(([pid, , , state]) => pid && !state?.startsWith("Z")) // only its exit status is left of a zombie
          .map(([pid, parent, group, , ...program]) => ({
            pid: Number(pid),
            parent: Number(parent),
            group: Number(group),
            program: program.join(" "),
          })),
      );
    });
  });
}

/** Sends a signal to a process, or with a negative number to a group; does nothing where that has ended. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // ESRCH; on macOS EPERM where only its exit status is left
  }
}
