import type { ServiceEvent } from "@aws-sdk/client-ecs";
import { eventText } from "../aws/service.ts";
import { ago, momentAgo, isWithin } from "../terminal/time.ts";
import type { StatusContext } from "./context.ts";
import type { Finding } from "./row.ts";

/** So many of the service's events are shown. */
const EVENTS = 5;

/** An event that tells of trouble, and minutes for which it still matters. */
const TROUBLE = /unable|fail|unhealthy|circuit breaker/i;
const TROUBLE_MINUTES = 60;

/** When the service was deployed last, and what ECS did since. */
export async function lookAtDeployment(context: StatusContext): Promise<Finding[]> {
  const { deployments = [], events = [] } = await context.serviceOrSkip();
  const primary = deployments.find(({ status }) => status === "PRIMARY");
  const revision = primary?.taskDefinition?.split("/").at(-1);
  const newest = events
    .toSorted((one, other) => (other.createdAt?.getTime() ?? 0) - (one.createdAt?.getTime() ?? 0))
    .slice(0, EVENTS);
  const trouble = newest.filter(
    (event) => TROUBLE.test(event.message ?? "") && isWithin(TROUBLE_MINUTES, event.createdAt),
  );
  return [
    {
      name: "deployed",
      status: "ok",
      detail: primary
        ? `${momentAgo(primary.createdAt)}, task definition ${revision}; last change ${momentAgo(primary.updatedAt)}`
        : "the service has no deployment of its own",
      facts: {
        taskDefinition: revision,
        createdAt: primary?.createdAt?.toISOString(),
        updatedAt: primary?.updatedAt?.toISOString(),
      },
    },
    {
      name: "events",
      status: trouble.length > 0 ? "warn" : "ok",
      detail:
        newest.length === 0
          ? "none"
          : trouble.length > 0
            ? `${trouble.length} of the last ${newest.length} tell of trouble`
            : `the last ${newest.length}`,
      notes: newest.map(eventLine),
    },
  ];
}

function eventLine(event: ServiceEvent): string {
  return `${event.createdAt ? `${ago(event.createdAt)}: ` : ""}${eventText(event)}`;
}
