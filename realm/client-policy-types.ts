/** A value in the configuration of an executor or a condition. */
export type PolicyValue = boolean | string | readonly string[];

/** One executor of a client profile. https://www.keycloak.org/docs/latest/server_admin/#_client_policies */
export interface Executor {
  readonly executor: string;
  readonly configuration: Readonly<Record<string, PolicyValue>>;
}

/** A named list of executors. */
export interface ClientProfile {
  readonly name: string;
  readonly description: string;
  readonly executors: readonly Executor[];
}

/** One condition of a client policy; a policy applies where all its conditions hold. */
export interface Condition {
  readonly condition: string;
  readonly configuration: Readonly<Record<string, PolicyValue>>;
}

/** Says to which requests the profiles apply. */
export interface ClientPolicy {
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly conditions: readonly Condition[];
  readonly profiles: readonly string[];
}
