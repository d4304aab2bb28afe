import { z } from "zod";
import type { StageDefaults } from "./stage.ts";

/** Requests of one address in five minutes, as AWS WAF counts them. */
const limit = (fallback: number) =>
  z.int().min(10, "must be 10 or more: AWS WAF takes no less").max(2_000_000).default(fallback);

/** The web application firewall in front of the load balancer. */
export const waf = z.strictObject({
  /** About 10 USD a month, and 0.60 per million requests. @default true in production, false in development */
  enabled: z.boolean().optional(),
  /** Registrations of MCP clients that one address may try in five minutes; a run of verify takes about a hundred. @default 200 */
  registrationLimit: limit(200),
  /** Requests to the login pages that one address may make in five minutes; an office shares an address. @default 600 */
  loginLimit: limit(600),
});

/** Fills the defaults in. */
export function resolveWaf(value: z.output<typeof waf>, stage: StageDefaults) {
  return { ...value, enabled: value.enabled ?? stage.waf };
}
