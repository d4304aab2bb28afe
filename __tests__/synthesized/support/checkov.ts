import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ACCEPTED_FINDINGS } from "../../../constructs/accepted-finding.ts";
import { blocks, type TerraformJson } from "./blocks.ts";

/** Holds the version of checkov, and of all that it needs. */
const REQUIREMENTS = fileURLToPath(new URL("../requirements.txt", import.meta.url));

/** The result of one check on one resource. */
export interface CheckResult {
  readonly stack: string;
  /** Such as `aws_lb.x` or `data.aws_iam_policy_document.x`. */
  readonly resource: string;
  /** Such as `CKV_AWS_338`. */
  readonly check: string;
  /** What the check wants. */
  readonly title: string;
}

/** What checkov found in some stacks. */
export interface CheckovReport {
  readonly version: string;
  readonly failed: readonly CheckResult[];
  readonly passed: readonly CheckResult[];
  /** Files that it could not read. */
  readonly unreadable: readonly string[];
}

/** The program: the one that `CHECKOV` names, or else the one on the PATH; undefined where there is none. */
export function findCheckov({ CHECKOV, PATH = "" }: NodeJS.ProcessEnv): string | undefined {
  if (CHECKOV) return CHECKOV;
  return PATH.split(delimiter)
    .map((folder) => join(folder, "checkov"))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** The version that the tests are written for. */
export function pinnedVersion(): string {
  return /^checkov==(\S+)$/m.exec(readFileSync(REQUIREMENTS, "utf8"))![1]!;
}

/** The stacks, by name. */
type Stacks = readonly { readonly stack: string; readonly json: TerraformJson }[];

/**
 * Runs checkov over stacks. It needs no network.
 * @throws Error with what checkov said, where it did not get to a report
 */
export function runCheckov(program: string, stacks: Stacks): CheckovReport {
  const folder = mkdtempSync(join(tmpdir(), "checkov-"));
  try {
    for (const { stack, json } of stacks) {
      mkdirSync(join(folder, stack));
      // Its parser takes the block `terraform` for one with blocks only, and stumbles over required_version.
      const readable = { ...json, terraform: undefined };
      writeFileSync(join(folder, stack, "main.tf.json"), JSON.stringify(readable, null, 2));
    }
    return report(scan(program, folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What checkov prints, as far as it is read here; with `--quiet` it would leave out what passed. */
interface Output {
  readonly results: Record<"passed_checks" | "failed_checks", readonly RawResult[]> & {
    readonly parsing_errors: readonly string[];
  };
  readonly summary: { readonly checkov_version: string };
}

interface RawResult {
  readonly check_id: string;
  readonly check_name: string;
  readonly file_path: string;
  readonly resource: string;
}

function scan(program: string, folder: string): Output {
  const parameters = ["--framework", "terraform_json", "--compact", "--skip-download", "--output", "json"];
  const { error, status, stdout, stderr } = spawnSync(program, ["--directory", folder, ...parameters], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    // Without the first it asks its maker's server for descriptions of the checks.
    env: { ...process.env, BC_SKIP_MAPPING: "TRUE", LOG_LEVEL: "CRITICAL" },
  });
  if (error) throw new Error(`${program} cannot be run: ${error.message}`);
  try {
    return JSON.parse(stdout) as Output; // whatever the status: it is 1 where a check failed
  } catch {
    throw new Error(`${program} ended with ${status} and no report: ${stdout.slice(-1000)}${stderr.slice(-1000)}`);
  }
}

function report({ results, summary }: Output): CheckovReport {
  const read = (all: readonly RawResult[]) =>
    all.map((one) => ({
      stack: one.file_path.split("/")[1]!,
      resource: one.resource,
      check: one.check_id,
      title: one.check_name,
    }));
  return {
    version: summary.checkov_version,
    failed: read(results.failed_checks),
    passed: read(results.passed_checks),
    unreadable: results.parsing_errors,
  };
}

/** A finding that a resource's comment accepts. */
export interface Acceptance {
  readonly stack: string;
  readonly resource: string;
  readonly check: string;
  readonly reason: string;
}

/** What the comments of some stacks accept. */
export function acceptances(stacks: Stacks): Acceptance[] {
  return stacks.flatMap(({ stack, json }) =>
    blocks(json).flatMap(({ address, comment }) =>
      Object.entries((comment[ACCEPTED_FINDINGS] ?? {}) as Record<string, string>).map(([check, reason]) => ({
        stack,
        resource: address,
        check,
        reason,
      })),
    ),
  );
}

/** Findings that nothing accepts, one line each: what is wrong, and where. */
export function notAccepted(failed: readonly CheckResult[], accepted: readonly Acceptance[]): string[] {
  const known = new Set(accepted.map(key));
  return failed
    .filter((one) => !known.has(key(one)))
    .map(({ check, title, stack, resource }) => `${check} (${title}): ${resource} of ${stack}`);
}

/** Acceptances of what is no finding any more. */
export function stale(failed: readonly CheckResult[], accepted: readonly Acceptance[]): string[] {
  const found = new Set(failed.map(key));
  return accepted
    .filter((one) => !found.has(key(one)))
    .map(({ check, stack, resource }) => `${check} is accepted for ${resource} of ${stack}, and not found there`);
}

/** Checkov leaves the type of a data source out; the name alone is the resource's own within a stack. */
function key({ stack, resource, check }: Pick<CheckResult, "stack" | "resource" | "check">): string {
  return [stack, resource.split(".").at(-1), check].join(" ");
}
