/** The longest name that a load balancer and a target group may have; every name made here is shorter than its limit. */
export const SHORTEST_NAME_LIMIT = 32;

/**
 * Prefix of every name of an environment: two environments fit in one account and Region.
 * An environment's name has 20 characters at the most, so this has 29.
 */
export function namePrefix(environment: string): string {
  return `keycloak-${environment}`;
}

/** Log group of Keycloak's tasks. */
export function logGroupName(environment: string): string {
  return `/ecs/keycloak/${environment}`;
}

/** Topic that the alarms tell. @param prefix see {@link namePrefix} */
export function alarmTopicName(prefix: string): string {
  return `${prefix}-alarms`;
}

/** Bucket of dumps and exports. @param prefix see {@link namePrefix} */
export function backupBucketName(prefix: string, account: string): string {
  return `${prefix}-backups-${account}`;
}

/** Parameters of the SSM Parameter Store, made outside of Terraform. */
export function secretNames(environment: string) {
  return {
    adminPassword: `/keycloak/${environment}/admin_password`,
    databasePassword: `/keycloak/${environment}/db_password`,
  } as const;
}

/** Parameter that holds the next value of another one while it is exchanged. */
export function nextSecretName(parameter: string): string {
  return `${parameter}_next`;
}

/**
 * Family and role of a task that backs up or restores: no environment's name has the underscore, so that none is another
 * environment's service.
 * @param prefix see {@link namePrefix}
 */
export function backupTaskName(prefix: string, task: string): string {
  return `${prefix}_${task}`;
}
