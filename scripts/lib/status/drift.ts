import { realmDefinition } from "../../../realm/definition.ts";
import { administratorOf } from "../aws/administrator.ts";
import { differenceLine } from "../drift/difference.ts";
import { DRIFT_AREAS, findDrift } from "../drift/index.ts";
import { messageOf } from "../errors.ts";
import { AdminClient } from "../keycloak/admin-client.ts";
import { counted } from "../terminal/counted.ts";
import type { StatusContext } from "./context.ts";
import { NotLookedAt, type Finding } from "./row.ts";

/** Whether the live realm is as it is defined: one row per area that is not. */
export async function lookAtDrift({ environment, signal }: StatusContext): Promise<Finding[]> {
  const definition = realmDefinition(environment);
  try {
    const administrator = await administratorOf(environment, signal);
    const admin = new AdminClient(environment.keycloak.url, definition.realm, administrator, {
      signal,
      timeoutMs: 5_000,
      retries: 1,
    });
    const drift = await findDrift(admin, definition);
    const areas = DRIFT_AREAS.filter((area) => drift[area].length > 0);
    if (areas.length === 0)
      return [
        { name: "drift", status: "ok", detail: `realm ${definition.realm} is as defined`, facts: { differences: 0 } },
      ];
    return areas.map((area) => ({
      name: area,
      status: "warn",
      detail: `${counted(drift[area].length, "difference")} between the definition and the live realm`,
      notes: drift[area].map(differenceLine),
      facts: { differences: drift[area].length },
    }));
  } catch (error) {
    signal.throwIfAborted();
    throw new NotLookedAt(messageOf(error));
  }
}
