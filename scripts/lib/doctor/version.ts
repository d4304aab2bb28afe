/** `1.11.0-beta2` is `[1, 11, 0]`, and a forerunner. */
function parse(version: string): { readonly numbers: readonly number[]; readonly forerunner: boolean } | undefined {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?(-[\w.-]+)?(?:\+[\w.-]+)?$/.exec(version.trim());
  if (!match) return undefined;
  return { numbers: [match[1]!, match[2]!, match[3] ?? "0"].map(Number), forerunner: match[4] !== undefined };
}

/**
 * Whether a version is new enough; a forerunner such as `1.11.0-rc1` is older than its release.
 * @param version such as `1.11.4` or `v20.19.0`
 * @param requirement `>=` and a release, as package.json and Terraform write it
 * @throws Error where one of them is no such thing
 */
export function satisfies(version: string, requirement: string): boolean {
  const least = parse(/^>=(.+)$/.exec(requirement)?.[1] ?? "");
  const found = parse(version);
  if (!least || !found) throw new Error(`cannot compare the version "${version}" with "${requirement}"`);
  for (const [index, number] of least.numbers.entries()) {
    const difference = found.numbers[index]! - number;
    if (difference !== 0) return difference > 0;
  }
  return least.forerunner || !found.forerunner;
}
