import { namePrefix } from "../../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../../environments/schema/on-aws.ts";

/** Actions that the stacks of an environment need, as Terraform's AWS provider uses them. */
export interface ActionGroup {
  /**
   * What they are done to: ARNs of the environment's names, with made-up ids where AWS makes them. A role that is limited
   * to such names is as good as one that may do it to anything.
   */
  readonly resources: readonly string[];
  /** Without one of these a first deployment fails. */
  readonly deploy: readonly string[];
  /** Without one of these only changes that replace something, and `npm run destroy`, fail. */
  readonly destroy?: readonly string[];
  /** Service that a role is passed to. */
  readonly passedTo?: string;
}

/** Stand for ids that AWS makes. */
export const IDS = {
  short: "0".repeat(16),
  long: "0".repeat(17),
  uuid: "00000000-0000-0000-0000-000000000000",
} as const;

/** Writes ARNs of an environment's things. */
export class Arns {
  /** Prefix of the environment's names. */
  readonly name: string;

  /** @param account 12 digits */
  constructor(
    readonly environment: EnvironmentOnAws,
    readonly account: string,
  ) {
    this.name = namePrefix(environment.name);
  }

  /** Of the environment's Region. */
  regional(service: string, ...resources: string[]): string[] {
    return resources.map((one) => `arn:aws:${service}:${this.environment.aws.region}:${this.account}:${one}`);
  }

  /** Of no Region. */
  global(service: string, ...resources: string[]): string[] {
    return resources.map((one) => `arn:aws:${service}::${this.account}:${one}`);
  }

  /** That a role may be passed to a service. */
  passRole(suffix: string, passedTo: string): ActionGroup {
    return { resources: this.global("iam", `role/${this.name}-${suffix}`), deploy: ["iam:PassRole"], passedTo };
  }
}

/** `actions("ec2", "CreateVpc DescribeVpcs")` is `["ec2:CreateVpc", "ec2:DescribeVpcs"]`. */
export function actions(service: string, ...lists: readonly (string | false | undefined)[]): string[] {
  return lists.flatMap((list) => (list ? list.split(" ").map((action) => `${service}:${action}`) : []));
}
