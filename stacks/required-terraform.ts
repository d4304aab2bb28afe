/** The first Terraform that takes write-only arguments and S3's own locks. */
export const REQUIRED_TERRAFORM = ">= 1.11.0";
