import { differenceLine } from "../../drift/difference.ts";
import { findDrift, type DriftArea } from "../../drift/index.ts";
import { expect, type Check } from "../check.ts";
import type { VerifyContext } from "../context.ts";
import type { RequirementId } from "../../../../requirements/index.ts";

const AREAS: Record<DriftArea, RequirementId> = {
  settings: "drift.settings",
  scopes: "drift.scopes",
  clients: "drift.clients",
  "client policies": "drift.client-policies",
  "registration policies": "drift.registration-policies",
};

const drifts = new WeakMap<VerifyContext, ReturnType<typeof findDrift>>();

/** Whether the live realm is as it is defined, area by area. */
export const driftChecks: Check[] = Object.entries(AREAS).map(([area, id]) => ({
  id,
  group: "Drift",
  run: async (context) => {
    const drift = drifts.get(context) ?? findDrift(context.admin, context.definition);
    drifts.set(context, drift);
    const differences = (await drift)[area as DriftArea];
    expect(differences.length === 0, differences.map(differenceLine).join("; "));
    return "as defined";
  },
}));
