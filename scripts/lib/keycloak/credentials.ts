import { UserError } from "../errors.ts";

/** How to log in to the Admin REST API. Comes from the environment variables, never from arguments. */
export type AdminCredentials = {
  /** Realm of the administrator, usually `master`. */
  readonly realm: string;
} & (
  | { readonly kind: "client"; readonly clientId: string; readonly clientSecret: string }
  | { readonly kind: "user"; readonly clientId: string; readonly username: string; readonly password: string }
);

/**
 * Reads the credentials from the same variables as the Keycloak Terraform provider: `KEYCLOAK_CLIENT_ID` with
 * `KEYCLOAK_CLIENT_SECRET`, or `KEYCLOAK_USER` with `KEYCLOAK_PASSWORD`; `KEYCLOAK_REALM` where it is not `master`.
 * @throws UserError that says which variable is missing
 */
export function adminCredentials(variables: NodeJS.ProcessEnv = process.env): AdminCredentials {
  const { KEYCLOAK_CLIENT_ID, KEYCLOAK_CLIENT_SECRET, KEYCLOAK_USER, KEYCLOAK_PASSWORD } = variables;
  const realm = variables.KEYCLOAK_REALM || "master";
  if (KEYCLOAK_USER && KEYCLOAK_PASSWORD)
    return {
      kind: "user",
      realm,
      clientId: KEYCLOAK_CLIENT_ID || "admin-cli",
      username: KEYCLOAK_USER,
      password: KEYCLOAK_PASSWORD,
    };
  if (KEYCLOAK_CLIENT_ID && KEYCLOAK_CLIENT_SECRET)
    return { kind: "client", realm, clientId: KEYCLOAK_CLIENT_ID, clientSecret: KEYCLOAK_CLIENT_SECRET };
  const half = KEYCLOAK_USER
    ? "KEYCLOAK_USER is set, KEYCLOAK_PASSWORD is not"
    : KEYCLOAK_CLIENT_ID
      ? "KEYCLOAK_CLIENT_ID is set, KEYCLOAK_CLIENT_SECRET is not"
      : "none of them is set";
  throw noAdministrator(half);
}

/** What to say where nobody is named to log in as. */
export function noAdministrator(which = "none of them is set"): UserError {
  return new UserError(
    `No administrator to log in to Keycloak with: ${which}. Set KEYCLOAK_USER and KEYCLOAK_PASSWORD, or ` +
      "KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET (the variables that the Keycloak Terraform provider reads).",
  );
}

/** The same as variables, for the Keycloak Terraform provider. */
export function adminVariables(credentials: AdminCredentials): Record<string, string> {
  const common = { KEYCLOAK_REALM: credentials.realm, KEYCLOAK_CLIENT_ID: credentials.clientId };
  return credentials.kind === "client"
    ? { ...common, KEYCLOAK_CLIENT_SECRET: credentials.clientSecret }
    : { ...common, KEYCLOAK_USER: credentials.username, KEYCLOAK_PASSWORD: credentials.password };
}

/** The variables of a process without those that name an administrator: for children that have no use for them. */
export function withoutAdministrator(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const named = /^KEYCLOAK_(CLIENT_ID|CLIENT_SECRET|USER|PASSWORD|REALM)$/;
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !named.test(name)));
}

/** Whether any of the variables that name an administrator is set. */
export function hasAdminVariables(variables: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(variables.KEYCLOAK_USER || variables.KEYCLOAK_CLIENT_ID);
}

/** Who is logging in, for messages: never the secret. */
export function whoIs(credentials: AdminCredentials): string {
  return credentials.kind === "user" ? `user ${credentials.username}` : `client ${credentials.clientId}`;
}
