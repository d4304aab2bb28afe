import { z } from "zod";
import { parseCidr } from "../../../constructs/vpc/cidr.ts";

/** An IPv4 range in CIDR notation whose host bits are zero (RFC 4632), such as `10.0.0.0/16`. */
export function ipv4Cidr() {
  return z.string().superRefine((text, context) => {
    const problem = complaint(text);
    if (problem) context.addIssue({ code: "custom", message: `${JSON.stringify(text)} ${problem}` });
  });
}

function complaint(text: string): string | undefined {
  const range = parseCidr(text);
  if (!range) return 'is no IPv4 range: write one such as "10.0.0.0/16", or "203.0.113.7/32" for one address';
  if (range.text !== text) return `has bits set behind the prefix: write "${range.text}"`;
  return undefined;
}
