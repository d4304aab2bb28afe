/** A Keycloak that the run's global setup has started. */
export interface E2eKeycloak {
  readonly url: string;
  readonly version: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The run's Keycloak of a release line. */
export function keycloak(line: "26.4" | "26.7"): E2eKeycloak {
  const all = JSON.parse(process.env.E2E_KEYCLOAKS ?? "{}") as Record<string, E2eKeycloak>;
  const found = all[line];
  if (!found) throw new Error(`the global setup started no Keycloak ${line}`);
  return found;
}
