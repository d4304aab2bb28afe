import type { EnvironmentOnAws } from "../../../stacks/aws-stack.ts";

/** The settings of an environment that keep something from being deleted, as they are in its file. */
export function protections({ realm, aws }: EnvironmentOnAws): string[] {
  return [
    ...(realm.deletionProtection ? ["realm.deletionProtection"] : []),
    ...(aws.database.deletionProtection ? ["aws.database.deletionProtection"] : []),
    ...(aws.loadBalancer.deletionProtection ? ["aws.loadBalancer.deletionProtection"] : []),
  ];
}
