import { BOOTSTRAP_ADMIN } from "../../../constructs/ecs/container.ts";
import { secretNames } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { UserError } from "../errors.ts";
import { adminCredentials, hasAdminVariables, type AdminCredentials } from "../keycloak/credentials.ts";
import { SecretStore } from "./secrets.ts";

/**
 * Who administers an environment's Keycloak: the one that the variables of the Keycloak Terraform provider name, or else
 * the administrator of the first start, whose password is in the SSM Parameter Store.
 * @throws UserError where neither is there, or AWS refuses
 */
export async function administratorOf(
  { name, aws }: EnvironmentOnAws,
  signal: AbortSignal,
  variables: NodeJS.ProcessEnv = process.env,
): Promise<AdminCredentials> {
  if (hasAdminVariables(variables)) return adminCredentials(variables);
  const parameter = secretNames(name).adminPassword;
  const password = await new SecretStore(aws.region, signal).read(parameter);
  if (!password)
    throw new UserError(
      `There is no parameter ${parameter} in ${aws.region}, and no KEYCLOAK_USER: nobody to log in to Keycloak with. ` +
        `npm run deploy -- ${name} makes the parameter.`,
    );
  return firstAdministrator(password);
}

/** The administrator of Keycloak's first start, with a password. */
export function firstAdministrator(password: string): AdminCredentials {
  return { kind: "user", realm: "master", clientId: "admin-cli", username: BOOTSTRAP_ADMIN, password };
}
