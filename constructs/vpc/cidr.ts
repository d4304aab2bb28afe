/** An IPv4 range. */
export interface Cidr {
  /** `10.0.0.0/16`, host bits zero. */
  readonly text: string;
  /** First address, as a number below 2^32. */
  readonly first: number;
  /** Length of the prefix, 0 to 32. */
  readonly prefix: number;
}

/**
 * Reads a range in CIDR notation (RFC 4632); bits behind the prefix are cleared.
 * @returns undefined where the text is none
 */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const [octets, prefix] = [match.slice(1, 5).map(Number), Number(match[5])];
  if (octets.some((octet) => octet > 255) || prefix > 32) return undefined;
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return cidrOf(Math.floor(address / sizeOf(prefix)) * sizeOf(prefix), prefix);
}

/** The range with that first address and prefix. */
function cidrOf(first: number, prefix: number): Cidr {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return { text: `${octets.join(".")}/${prefix}`, first, prefix };
}

/** How many addresses a prefix leaves. */
const sizeOf = (prefix: number) => 2 ** (32 - prefix);

/** Part number `index` of a range that is cut into `2 ** bits` parts, as Terraform's `cidrsubnet`. */
export function part(range: Cidr, bits: number, index: number): Cidr {
  const prefix = range.prefix + bits;
  return cidrOf(range.first + index * sizeOf(prefix), prefix);
}

/** Whether a range holds all of another. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return (
    inner.prefix >= outer.prefix &&
    Math.floor(inner.first / sizeOf(outer.prefix)) * sizeOf(outer.prefix) === outer.first
  );
}

/** Whether two ranges share an address. */
export function overlaps(one: Cidr, other: Cidr): boolean {
  return contains(one, other) || contains(other, one);
}

/** Ranges of private networks (RFC 1918): what Java and JGroups take for the addresses of a site. */
const SITE_LOCAL = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map((text) => parseCidr(text)!);

/** Whether all of a range is of private networks: Keycloak's nodes listen to each other on such an address only. */
export function isSiteLocal(range: Cidr): boolean {
  return SITE_LOCAL.some((one) => contains(one, range));
}
