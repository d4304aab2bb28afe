import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { awsError } from "../../../scripts/lib/aws/errors.ts";
import { findingIn } from "../../../scripts/lib/doctor/advice.ts";
import { within } from "../../../scripts/lib/limit.ts";
import { findOnPath, runProgram } from "../../../scripts/lib/doctor/program.ts";
import { doctorTable } from "../../../scripts/lib/doctor/report.ts";
import type { DoctorRow } from "../../../scripts/lib/doctor/row.ts";

describe("what an error says", () => {
  const named = (name: string) => Object.assign(new Error("User: x is not authorized."), { name });

  test.each([
    ["CredentialsProviderError", "No AWS credentials were found", "Log in (aws sso login"],
    ["ExpiredToken", "The AWS credentials have expired (sts:X)", "Log in again"],
    ["AccessDenied", "AWS refuses sts:X: User: x is not authorized", "Ask whoever manages the account"],
    ["InvalidClientTokenId", "AWS does not know these credentials (sts:X)", "Check AWS_PROFILE"],
    ["Throttling", "AWS throttles sts:X, five times in a row", "Wait a minute"],
    ["TimeoutError", "AWS did not answer sts:X in time, five times in a row", "Check this machine's network"],
    ["Whatever", "sts:X failed: User: x is not authorized", "Mend that, then run the doctor again."],
  ])("%s", (name, found, mend) => {
    const finding = findingIn(awsError(named(name), "sts:X"));
    expect(finding.found).toBe(found);
    expect(finding.mend.startsWith(mend)).toBe(true);
  });

  test("is one line", () => {
    expect(findingIn(new Error("a\n  b\tc")).found).toBe("a b c");
  });
});

describe("programs", () => {
  const folder = mkdtempSync(join(tmpdir(), "doctor-programs-"));
  const program = (name: string, content: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${content}\n`);
    chmodSync(join(folder, name), 0o755);
    return join(folder, name);
  };
  const options = { variables: {}, signal: new AbortController().signal };
  afterAll(() => rmSync(folder, { recursive: true }));

  test("[doctor.time] one that hangs is cut off", async () => {
    const file = program("hangs", "exec /bin/sleep 60");
    const outcome = await runProgram(file, [], { ...options, limit: 300 });
    expect(outcome).toEqual({ stdout: "", complaint: "no answer within 0.3 seconds" });
  });

  test("what one says, and how it fails, is told", async () => {
    expect(await runProgram(program("good", "echo yes"), [], options)).toMatchObject({ code: 0, stdout: "yes\n" });
    const failed = await runProgram(program("bad", "echo 'no such thing' >&2; exit 3"), [], options);
    expect(failed).toMatchObject({ code: 3, complaint: "no such thing" });
    expect((await runProgram(join(folder, "none"), [], options)).code).toBeUndefined();
  });

  test("are found on the PATH", async () => {
    const file = program("here", "");
    expect(await findOnPath("here", { PATH: `/nowhere:${folder}` })).toBe(file);
    expect(await findOnPath("nowhere", { PATH: folder })).toBeUndefined();
  });
});

test("[doctor.time] what does not answer is given up, and an interruption is thrown as it is", async () => {
  const never = () => new Promise<never>(() => undefined);
  const { signal } = new AbortController();
  await expect(within(20, "DNS", signal, never)).rejects.toThrow("DNS did not answer within 0.02 seconds.");
  const abort = new AbortController();
  const waiting = within(60_000, "DNS", abort.signal, never);
  abort.abort(new Error("Interrupted."));
  await expect(waiting).rejects.toThrow("Interrupted.");
  await expect(within(20, "DNS", signal, () => Promise.resolve(1))).resolves.toBe(1);
});

test("the table has a heading per group, and says under a row how to mend it", () => {
  const row = (group: string, what: string, status: DoctorRow["status"], mend?: string): DoctorRow => ({
    ...{ id: what, group, what, status, found: "found" },
    ...(mend && { mend }),
  });
  const rows = [
    row("This machine", "Node.js", "ok"),
    row("This machine", "Docker", "fail", "Start it."),
    row("AWS account", "Image", "skip", "Log in."),
    row("AWS account", "Secrets", "skip", "Log in."),
  ];
  expect(doctorTable(rows, 0).split("\n")).toEqual([
    "",
    "This machine",
    "  ok    Node.js  found",
    "  FAIL  Docker   found",
    "                 → Start it.",
    "",
    "AWS account",
    "  skip  Image    found",
    "  skip  Secrets  found",
    "                 → Log in.",
  ]);
});
