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
    pattern: /Error acquiring the state lock[\s\S]*?ID:\s+(\S+)/,
    advice: (stack, [, id]) =>
      "Another Terraform works on this state, or one has died while it did. Wait for it where it still runs; where none " +
      `does, release the lock: terraform -chdir=cdktf.out/stacks/${stack} force-unlock ${id}`,
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
    pattern: /Instance cannot be destroyed|deletion protection|DeletionProtection/i,
    advice: () => "Something is protected from being deleted: the plan would replace or remove it. Look at it first.",
  },
  {
    pattern: /(VpcLimitExceeded|AddressLimitExceeded|NatGatewayLimitExceeded)/,
    advice: (_, [, limit]) => `The account's quota is used up (${limit}): npm run doctor tells which, and by how much.`,
  },
];

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
