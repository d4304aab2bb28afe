import { z } from "zod";
import { ipv4Cidr } from "./cidr.ts";
import type { StageDefaults } from "./stage.ts";

/** The name of a hosted zone. */
export const DOMAIN = /^([a-z0-9-]+\.)+[a-z]{2,}$/;

/** The ARN of an ACM certificate; the group is its Region. */
export const CERTIFICATE_ARN = /^arn:aws:acm:([a-z0-9-]+):\d{12}:certificate\/[0-9a-f-]{36}$/;

const zone = z.strictObject({
  /** Id of the Route 53 hosted zone. */
  id: z.string().regex(/^Z[A-Z0-9]{5,31}$/, 'must be a hosted zone\'s id, such as "Z0123456789ABCDEFGHIJ"'),
  /** Its domain, without a dot at the end. */
  name: z.string().regex(DOMAIN, 'must be a domain in lower case, such as "example.com"'),
});

/** The Application Load Balancer, its certificate and its name. */
export const loadBalancer = z.strictObject({
  /** Reachable inside the VPC (and what is connected to it) only. @default false */
  internal: z.boolean().default(false),
  /** A Route 53 zone for the domain's record, and for the certificate's proof where none is given. @default none: make the record yourself */
  zone: zone.optional(),
  /** An ACM certificate for the domain, of the same Region. @default one is requested and proved in the zone */
  certificateArn: z
    .string()
    .regex(
      CERTIFICATE_ARN,
      'must be an ACM certificate\'s ARN, such as "arn:aws:acm:us-east-1:111122223333:certificate/…"',
    )
    .optional(),
  /** Who may connect. @default everybody ("0.0.0.0/0"), or the private ranges of RFC 1918 where internal */
  clientCidrs: z
    .array(ipv4Cidr())
    .min(1, "must name at least one range")
    .max(30, "must name 30 ranges at most: AWS allows 60 rules, and each range has two")
    .optional(),
  /** Cipher suites; the default speaks TLS 1.3 and 1.2 with forward secrecy only. @default "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" */
  sslPolicy: z
    .string()
    .regex(
      /^ELBSecurityPolicy-TLS13-1-[23](-Res|-FIPS)?(-[A-Za-z0-9-]+)?-\d{4}-\d{2}$/,
      "must be a policy with TLS 1.3 and at least 1.2",
    )
    .default("ELBSecurityPolicy-TLS13-1-2-Res-2021-06"),
  /** Days that access logs are kept in their bucket. @default 90 */
  accessLogRetentionDays: z.int().min(1).max(3650).default(90),
  /** AWS refuses to delete the load balancer. @default true in production, false in development */
  deletionProtection: z.boolean().optional(),
});

const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** Fills the defaults in. */
export function resolveLoadBalancer(value: z.output<typeof loadBalancer>, stage: StageDefaults) {
  return {
    ...value,
    clientCidrs: value.clientCidrs ?? (value.internal ? PRIVATE_RANGES : ["0.0.0.0/0"]),
    deletionProtection: value.deletionProtection ?? stage.deletionProtection,
  };
}
