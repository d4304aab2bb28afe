import { READY_PATH } from "../../keycloak-image/settings.ts";

/**
 * How the load balancer treats the nodes, as data: its construct reads it, and whatever acts as the load balancer.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
 */

/** How the load balancer finds out which nodes can serve. */
export interface HealthCheck {
  /** Asked on the port of the requests. */
  readonly path: string;
  /** The only status that is healthy. */
  readonly status: number;
  /** Seconds between two checks of a node. */
  readonly interval: number;
  /** Seconds for an answer. */
  readonly timeout: number;
  /** Good answers in a row after which an unhealthy node gets requests again. */
  readonly healthyThreshold: number;
  /** Bad answers in a row after which a node gets none. */
  readonly unhealthyThreshold: number;
}

export const TARGET_HEALTH_CHECK: HealthCheck = {
  path: READY_PATH,
  status: 200,
  interval: 30,
  timeout: 5,
  healthyThreshold: 2,
  unhealthyThreshold: 3,
};

/** Seconds that requests in flight get when a task leaves; nearly all end within one. */
export const DEREGISTRATION_DELAY = 30;

/** Seconds of the cookie that keeps a login on the node that has it in its cache; without it logins work, but slower. */
export const STICKINESS = 3600;

/** Seconds without a byte after which a connection is closed. */
export const IDLE_TIMEOUT = 60;
