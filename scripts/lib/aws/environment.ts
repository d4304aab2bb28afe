import { loadEnvironment } from "../../../environments/index.ts";
import { isOnAws, type EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { UserError } from "../errors.ts";

/**
 * Loads an environment for a command that works on AWS.
 * @param consequence what follows where it is not there, such as `there is no image to build for it`
 * @throws UserError where there is none of that name, its file has errors, or it has no `aws`
 */
export async function loadEnvironmentOnAws(name: string, consequence: string): Promise<EnvironmentOnAws> {
  const environment = await loadEnvironment(name);
  if (isOnAws(environment)) return environment;
  throw new UserError(`environments/${environment.name}.ts has no aws: ${consequence}.`);
}
