import { z } from "zod";

/** Logs and alarms. */
export const monitoring = z.strictObject({
  /** Days that the logs of Keycloak and the database are kept. @default 30 */
  logRetentionDays: z.literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731]).default(30),
  /** Who is mailed when an alarm goes off, after confirming the subscription. @default nobody; the topic is there to subscribe to */
  alarmEmail: z.email('must be an e-mail address, such as "ops@example.com"').optional(),
});
