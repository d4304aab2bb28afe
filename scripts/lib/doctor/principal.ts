/** Who the credentials are, as far as IAM can say what they may do. */
export type Principal =
  | { readonly kind: "root" }
  /** A user, whose ARN can be asked about. */
  | { readonly kind: "user"; readonly arn: string }
  /** A session of a role: the session's ARN has the role's name, and not its path. */
  | { readonly kind: "role"; readonly roleName: string }
  /** Such as a federated user, which IAM cannot be asked about. */
  | { readonly kind: "other" };

/**
 * Reads the ARN that `sts:GetCallerIdentity` answers.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
 */
export function principalOf(arn: string): Principal {
  if (/^arn:[^:]+:iam::\d{12}:root$/.test(arn)) return { kind: "root" };
  if (/^arn:[^:]+:iam::\d{12}:user\//.test(arn)) return { kind: "user", arn };
  const role = /^arn:[^:]+:sts::\d{12}:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  return role ? { kind: "role", roleName: role } : { kind: "other" };
}
