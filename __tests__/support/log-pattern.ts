/**
 * Whether a pattern of terms matches a line: all that stand alone, and one at least of those with a question mark.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function matches(pattern: string, line: string): boolean {
  const terms = [...pattern.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/g)].map(([, sign, quoted, bare]) => ({
    sign,
    text: quoted?.replaceAll(/\\(.)/g, "$1") ?? bare!,
  }));
  const holds = (sign: string) => terms.filter((term) => term.sign === sign).map(({ text }) => line.includes(text));
  return (
    !holds("").includes(false) && !holds("-").includes(true) && !(holds("?").length > 0 && !holds("?").includes(true))
  );
}
