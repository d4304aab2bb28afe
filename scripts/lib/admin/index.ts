import { BOOTSTRAP_ADMIN } from "../../../constructs/ecs/container.ts";
import { secretNames } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { SecretStore } from "../aws/secrets.ts";
import { UserError } from "../errors.ts";

/** How people come into an environment's admin console. No secret is in it. */
export interface AdminAccess {
  readonly environment: string;
  /** The admin console. */
  readonly url: string;
  /** The administrator of the first start. */
  readonly user: string;
  /** SSM parameter with that administrator's password, and its Region. */
  readonly parameter: string;
  readonly region: string;
  /** Line for a shell that shows the password. */
  readonly showPassword: string;
  /** Whose addresses reach the console, as ranges in CIDR notation; where there are none, nobody does. */
  readonly adminCidrs: readonly string[];
}

/** Says how people come in; asks neither AWS nor Keycloak. */
export function adminAccess({ name, keycloak, aws }: EnvironmentOnAws): AdminAccess {
  const parameter = secretNames(name).adminPassword;
  return {
    environment: name,
    url: `${keycloak.url}/admin/`,
    user: BOOTSTRAP_ADMIN,
    parameter,
    region: aws.region,
    showPassword:
      `aws ssm get-parameter --region ${aws.region} --name ${parameter} --with-decryption ` +
      "--query Parameter.Value --output text",
    adminCidrs: aws.adminCidrs,
  };
}

/**
 * Reads the password of the administrator of the first start.
 * @throws UserError where there is none, or AWS refuses
 */
export async function readAdminPassword({ name, aws }: EnvironmentOnAws, signal: AbortSignal): Promise<string> {
  const { adminPassword } = secretNames(name);
  const password = await new SecretStore(aws.region, signal).read(adminPassword);
  if (password) return password;
  throw new UserError(
    `There is no parameter ${adminPassword} in ${aws.region}: nothing is deployed there yet. Deploy it: npm run deploy -- ${name}`,
  );
}

/** What a person does so that the first administrator can go, step by step. */
export function personalAccountSteps({ environment, user, parameter }: AdminAccess): string[] {
  return [
    "In the console, change to the realm master, and under Users make a user of your own.",
    "Under its Credentials set a password, and under its Details the required action Configure OTP.",
    "Under its Role mapping assign the realm role admin.",
    `Log in as that user. For commands such as npm run status -- ${environment}, make a client with a service account that has ` +
      "the realm role admin, and set KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET: a password alone does not do with OTP.",
    `Delete the user ${user}. Leave ${parameter} where it is: tasks do not start without it.`,
  ];
}
