import { messageOf, UserError } from "../errors.ts";

/**
 * Makes one clear line of what AWS or its SDK refused.
 * @param action what was asked, as IAM names it: `ecr:DescribeImages`
 * @param known what to say of errors that this request may well get, by the error's name
 */
export function awsError(error: unknown, action: string, known: Readonly<Record<string, string>> = {}): Error {
  const { name } = error as { name?: string };
  const text = messageOf(error);
  if (name && known[name]) return new UserError(known[name]);
  switch (name) {
    case "AbortError":
      return error as Error;
    case "CredentialsProviderError":
      return new UserError(
        "No AWS credentials were found. Log in (aws sso login, aws configure), or set AWS_PROFILE, then run the command again.",
      );
    case "ExpiredToken":
    case "ExpiredTokenException":
    case "RequestExpired":
    case "TokenProviderError":
      return new UserError(`The AWS credentials have expired (${action}): log in again, then repeat the command.`);
    case "AccessDenied":
    case "AccessDeniedException":
    case "UnauthorizedOperation":
      return new UserError(
        `AWS refuses ${action}: ${text.replace(/\.?$/, ".")} Ask whoever manages the account for this permission.`,
      );
    case "UnrecognizedClientException":
    case "InvalidClientTokenId":
    case "InvalidSignatureException":
    case "SignatureDoesNotMatch":
      return new UserError(`AWS does not know these credentials (${action}): check AWS_PROFILE and the like.`);
    case "ThrottlingException":
    case "Throttling":
    case "TooManyRequestsException":
    case "RequestLimitExceeded":
    case "SlowDown":
      return new UserError(`AWS throttles ${action}, five times in a row: wait a minute, then repeat the command.`);
    case "TimeoutError":
      return new UserError(
        `AWS did not answer ${action} in time, five times in a row. Check this machine's network, then repeat the command.`,
      );
    default:
      return new UserError(`${action} failed: ${text}`);
  }
}
