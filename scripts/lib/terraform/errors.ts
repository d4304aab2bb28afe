/** A run of CDKTF that has failed. */
export interface FailedRun {
  /** Such as `cdktf deploy production-keycloak`. */
  readonly command: string;
  /** Exit code, or the signal that has ended it. */
  readonly ended: number | NodeJS.Signals;
  /** All that it said. */
  readonly said: string;
  /** File that has all of it. */
  readonly log: string;
  readonly stack: string;
}

/** Lines of what it said that are shown. */
const TAIL = 25;

/** What people meet, what it means, and what to do; `$1` is the first group. */
const KNOWN: readonly {
  readonly pattern: RegExp;
  readonly advice: (stack: string, found: RegExpExecArray) => string;
}[] = [
  {
    pattern: /errored\.tfstate|Failed to (save|persist) state/,
    advice: (stack) => unsavedState(stack),
  },
  {
    // "RequestID:" comes before it, in what S3 answered.
    pattern: /Error acquiring the state lock[\s\S]*?Lock Info:[\s\S]*?\bID:\s+([0-9a-f][0-9a-f-]{7,})/,
    advice: (stack, [, id]) =>
      "Another Terraform works on this state, or one has died while it did. Wait for it where it still runs; where none " +
      `does, release the lock: terraform -chdir=cdktf.out/stacks/${stack} force-unlock ${id}`,
  },
  {
    pattern: /Saved plan is stale/,
    advice: (stack) =>
      `Something has changed ${stack} since this plan was made, so nothing of it was applied. Run it again: it shows a new one.`,
  },
  {
    pattern: /ExpiredToken|security token included in the request is expired|No valid credential sources found/,
    advice: () => "Terraform has no valid AWS credentials any more: log in again.",
  },
  {
    pattern: /(AccessDenied|UnauthorizedOperation|not authorized to perform:? (\S+))/,
    advice: (_, [, , action]) =>
      `AWS refuses ${action ?? "an action"} to these credentials: ask whoever manages the account for it.`,
  },
  {
    pattern: /Failed to (query available provider packages|install provider)|could not connect to registry/i,
    advice: () => "Terraform cannot get its providers: check this machine's way to its registry.",
  },
  {
    pattern: /is tainted, so must be replaced|context canceled/,
    advice: (stack) =>
      "Terraform was stopped while it made something, and holds it for broken. Where it is well by now (look at it in AWS), " +
      `keep it: terraform -chdir=cdktf.out/stacks/${stack} untaint <address>`,
  },
  {
    pattern: /Instance cannot be destroyed|deletion protection|DeletionProtection/i,
    advice: () => "Something is protected from being deleted: the plan would replace or remove it. Look at it first.",
  },
  {
    pattern: /(VpcLimitExceeded|AddressLimitExceeded|NatGatewayLimitExceeded)/,
    advice: (stack, [, limit]) =>
      `The account's quota is used up (${limit}): npm run doctor -- ${stack.replace(/-\w+$/, "")} tells by how much.`,
  },
];

/** What to do, before anything else, about a state that Terraform could not save. */
export function unsavedState(stack: string): string {
  const terraform = `terraform -chdir=cdktf.out/stacks/${stack}`;
  return (
    `Terraform could not save what it has made with ${stack}; it is in cdktf.out/stacks/${stack}/errored.tfstate. Save it before ` +
    `anything else: log in to AWS again, ${terraform} force-unlock <the lock's ID, from the log>, ` +
    `${terraform} state push errored.tfstate, then remove that file.`
  );
}

/** Makes one message of a failed run: what failed, the end of what it said, what that means, and where the rest is. */
export function explainTerraform({ command, ended, said, log, stack }: FailedRun): string {
  const end = typeof ended === "number" ? `ended with ${ended}` : `was ended by ${ended}`;
  const lines = said
    .trimEnd()
    .split(/\r?\n/)
    .filter((line) => line.trim())
    .slice(-TAIL);
  const known = KNOWN.flatMap(({ pattern, advice }) => {
    const found = pattern.exec(said);
    return found ? [advice(stack, found)] : [];
  });
  return [`${command} ${end}:`, ...lines.map((line) => `  ${line}`), ...known, `All that it said: ${log}`].join("\n");
}
