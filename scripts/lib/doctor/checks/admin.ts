import type { Check } from "../check.ts";
import { ok, warn } from "../row.ts";

/** Who reaches the Admin API, by which the realm is made. */
export const adminCheck: Check = {
  id: "names.admin",
  group: "Names and certificates",
  what: "Admin addresses",
  run: ({ environment: { name, aws } }) =>
    Promise.resolve(
      aws.adminCidrs.length > 0
        ? ok(aws.adminCidrs.join(", "))
        : warn(
            "nobody reaches the admin console and the Admin API: the realm cannot be deployed from here",
            `Put the range that this machine comes from into aws.adminCidrs of environments/${name}.ts.`,
          ),
    ),
};
