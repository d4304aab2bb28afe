import { z } from "zod";
import { AWS_REGIONS } from "../aws-regions.ts";

/** Where Terraform keeps its state, when not on this machine: an S3 bucket that exists, with versioning on. */
export const state = z.strictObject({
  /** Name of the bucket. */
  bucket: z
    .string()
    .regex(/^(?!.*\.\.)(?!\d+(\.\d+){3}$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be an S3 bucket's name"),
  /** Region of the bucket. @default that of the environment */
  region: z
    .string()
    .refine((name) => (AWS_REGIONS as readonly string[]).includes(name), 'must be a Region, such as "eu-central-1"')
    .optional(),
  /** KMS key to encrypt with. @default the bucket's default encryption */
  kmsKeyArn: z
    .string()
    .regex(/^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f-]{36}$/, "must be a KMS key's ARN")
    .optional(),
});
