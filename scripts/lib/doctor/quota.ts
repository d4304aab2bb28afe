import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { askAws, clientOptions, undefinedOn } from "../aws/ask.ts";
import { fail, ok, type Finding } from "./row.ts";

/** A quota of AWS's. https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
export interface Quota {
  /** As Service Quotas names the service, such as `vpc`. */
  readonly service: string;
  /** Such as `L-F678F1CE`. */
  readonly code: string;
}

export const VPCS_PER_REGION: Quota = { service: "vpc", code: "L-F678F1CE" };
export const ELASTIC_IPS: Quota = { service: "ec2", code: "L-0263D0A3" };
export const NAT_GATEWAYS_PER_ZONE: Quota = { service: "vpc", code: "L-FE5A380F" };

/** How much of a quota is used, and how much an environment needs of it. */
export interface QuotaUse {
  readonly quota: Quota;
  readonly region: string;
  /** What AWS allows. */
  readonly limit: number;
  /** All that is there, whoever made it. */
  readonly used: number;
  /** What of it is this environment's. */
  readonly own: number;
  /** What the environment has once it is deployed. */
  readonly wanted: number;
  /** Such as `in us-east-1a`. @default the Region */
  readonly where?: string;
}

/** How many are still to be made. */
export function missing({ own, wanted }: Pick<QuotaUse, "own" | "wanted">): number {
  return Math.max(0, wanted - own);
}

/** How many of those do not fit. */
export function overflow(use: Pick<QuotaUse, "limit" | "used" | "own" | "wanted">): number {
  return missing(use) === 0 ? 0 : Math.max(0, use.used + missing(use) - use.limit);
}

/** Whether what an environment still makes fits into a quota. */
export function quotaFinding(use: QuotaUse): Finding {
  const { quota, region, limit, used, where = `in ${region}` } = use;
  const needed = missing(use);
  if (needed === 0) return ok(use.wanted === 0 ? "none is needed" : "there already");
  const found = `${used} of ${limit} used ${where}, and the deployment makes ${needed}${use.own > 0 ? " more" : ""}`;
  if (overflow(use) === 0) return ok(found);
  return fail(
    found,
    `Delete what is not used, or ask AWS for more: aws service-quotas request-service-quota-increase --region ${region} ` +
      `--service-code ${quota.service} --quota-code ${quota.code} --desired-value ${used + needed}`,
  );
}

/**
 * What AWS allows: the account's own value, or else AWS's default.
 * @throws UserError where AWS refuses
 */
export async function limitOf(quota: Quota, region: string, signal: AbortSignal): Promise<number> {
  const client = new ServiceQuotasClient(clientOptions(region));
  const request = { ServiceCode: quota.service, QuotaCode: quota.code };
  const own = undefinedOn(["NoSuchResourceException"], () =>
    client.send(new GetServiceQuotaCommand(request), { abortSignal: signal }),
  );
  const answer = await askAws(
    "servicequotas:GetServiceQuota",
    signal,
    async () => (await own()) ?? client.send(new GetAWSDefaultServiceQuotaCommand(request), { abortSignal: signal }),
  );
  return answer.Quota!.Value!;
}
