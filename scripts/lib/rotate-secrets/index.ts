import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { prepareAdministrator } from "./administrator.ts";
import { prepareDatabase } from "./database.ts";
import { SECRETS, type Rotation, type RotationOptions, type SecretKind } from "./rotation.ts";

export { SECRETS, type Rotation, type RotationOptions, type RotationResult, type SecretKind } from "./rotation.ts";

/**
 * Finds out whether an environment's secrets can be exchanged, and what of it is left from an earlier run. Changes
 * nothing. The administrator comes first: Keycloak must answer for it, and does so for certain before its tasks are
 * replaced.
 * @param only the one to exchange @default both
 * @throws UserError where one of them cannot
 */
export async function prepareRotations(
  environment: EnvironmentOnAws,
  options: RotationOptions & { readonly only?: SecretKind },
): Promise<Rotation[]> {
  const { only, ...rest } = options;
  const prepare = { admin: prepareAdministrator, database: prepareDatabase };
  const command = `npm run rotate-secrets -- ${environment.name}`;
  // Once the administrator is done, only the database is left to go on with.
  const goOn = { admin: only ? `${command} --only admin` : command, database: `${command} --only database` };
  const rotations: Rotation[] = [];
  for (const secret of SECRETS)
    if (!only || only === secret) rotations.push(await prepare[secret](environment, goOn[secret], rest));
  return rotations;
}
