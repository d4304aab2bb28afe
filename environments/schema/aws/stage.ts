import { z } from "zod";

/** What an environment is for; it decides the defaults below, and nothing else. */
export const stage = z.enum(["production", "development"]);

/** The defaults that differ by stage. */
export interface StageDefaults {
  readonly natGateways: "one-per-az" | "one";
  readonly interfaceEndpoints: boolean;
  readonly deletionProtection: boolean;
  readonly databaseInstances: number;
  readonly desiredCount: number;
  readonly maxCount: number;
  readonly spot: boolean;
  readonly waf: boolean;
}

/** Production survives the loss of an Availability Zone and a slip of the hand; development is cheap and goes quietly. */
export const STAGE_DEFAULTS: Readonly<Record<z.output<typeof stage>, StageDefaults>> = {
  production: {
    natGateways: "one-per-az",
    interfaceEndpoints: true,
    deletionProtection: true,
    databaseInstances: 2,
    desiredCount: 2,
    maxCount: 6,
    spot: false,
    waf: true,
  },
  development: {
    natGateways: "one",
    interfaceEndpoints: false,
    deletionProtection: false,
    databaseInstances: 1,
    desiredCount: 1,
    maxCount: 2,
    spot: true,
    waf: false,
  },
};
