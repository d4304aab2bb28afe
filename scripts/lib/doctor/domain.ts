/**
 * Whether a certificate's name covers a host; a wildcard stands for one label, and only for the first.
 * https://www.rfc-editor.org/rfc/rfc6125#section-6.4.3
 */
export function covers(name: string, host: string): boolean {
  const [pattern, wanted] = [name, host].map((one) => one.toLowerCase().replace(/\.$/, "")) as [string, string];
  if (!pattern.startsWith("*.")) return pattern === wanted;
  const dot = wanted.indexOf(".");
  return dot > 0 && wanted.slice(dot) === pattern.slice(1);
}

/** A name as Route 53 and name servers write it, without the dot at its end, in lower case. */
export function bare(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}
