import { randomBytes } from "node:crypto";
import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { HealthCheck } from "../../../constructs/alb/target-group.ts";

/** What a target group knows of a target. .../application/target-group-health-checks.html#target-health-states */
export type TargetState = "initial" | "healthy" | "unhealthy" | "draining";

/** A node behind the load balancer. */
export interface Target {
  readonly name: string;
  /** Its port of requests, on 127.0.0.1. */
  readonly port: number;
  readonly state: TargetState;
  /** Requests that it has not answered yet. */
  readonly outstanding: number;
  /** Value of the cookie that leads to it. */
  readonly cookie: string;
}

type MutableTarget = { -readonly [Key in keyof Target]: Target[Key] } & { checks: AbortController };

/**
 * The targets of a load balancer: asks each whether it can serve, and chooses one for a request.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export class TargetGroup {
  private readonly all = new Set<MutableTarget>();
  private turn = 0;

  constructor(
    private readonly healthCheck: HealthCheck,
    /** Seconds that requests in flight get. */
    private readonly deregistrationDelay: number,
  ) {}

  get targets(): readonly Target[] {
    return [...this.all];
  }

  /** Adds a target; it gets requests once it has passed one check. */
  register(name: string, port: number): Target {
    const cookie = randomBytes(12).toString("base64url");
    const target: MutableTarget = {
      name,
      port,
      state: "initial",
      outstanding: 0,
      cookie,
      checks: new AbortController(),
    };
    this.all.add(target);
    void this.checkForEver(target);
    return target;
  }

  /**
   * Takes a target out: no new requests from now on, those in flight go on.
   * @returns when none is in flight any more, or when the deregistration delay is over
   */
  async deregister(name: string): Promise<void> {
    const target = [...this.all].find((candidate) => candidate.name === name && candidate.state !== "draining");
    if (!target) return;
    target.checks.abort();
    target.state = "draining";
    const end = Date.now() + this.deregistrationDelay * 1000;
    while (target.outstanding > 0 && Date.now() < end) await sleep(20);
    this.all.delete(target);
  }

  /**
   * Chooses the target for a request: the cookie's where that can serve, else the one with the fewest outstanding
   * requests. Where none is healthy all are asked ("fail open"), so that a wrong health check costs nothing.
   * @returns undefined where there is none
   */
  choose(cookie: string | undefined): Target | undefined {
    const registered = [...this.all].filter(({ state }) => state !== "draining");
    const healthy = registered.filter(({ state }) => state === "healthy");
    const candidates = healthy.length > 0 ? healthy : registered;
    const least = Math.min(...candidates.map(({ outstanding }) => outstanding));
    const idlest = candidates.filter(({ outstanding }) => outstanding === least);
    return candidates.find((target) => target.cookie === cookie) ?? idlest[this.turn++ % idlest.length];
  }

  /** Counts a request of a target. @returns what to call when it has been answered */
  begin(target: Target): () => void {
    const counted = target as MutableTarget;
    counted.outstanding += 1;
    let over = false;
    return () => {
      if (!over) counted.outstanding -= 1;
      over = true;
    };
  }

  /** Ends all checks. */
  stop(): void {
    for (const { checks } of this.all) checks.abort();
  }

  private async checkForEver(target: MutableTarget): Promise<void> {
    const { interval, healthyThreshold, unhealthyThreshold } = this.healthCheck;
    const { signal } = target.checks;
    let row = { good: true, length: 0 };
    while (!signal.aborted) {
      const next = sleep(interval * 1000, undefined, { signal }).catch(() => undefined);
      const good = await this.check(target.port, signal);
      row = { good, length: good === row.good ? row.length + 1 : 1 };
      // A new target needs one good answer only.
      const enough = good ? (target.state === "initial" ? 1 : healthyThreshold) : unhealthyThreshold;
      if (!signal.aborted && row.length >= enough) target.state = good ? "healthy" : "unhealthy";
      await next;
    }
  }

  private check(port: number, signal: AbortSignal): Promise<boolean> {
    const { path, status, timeout } = this.healthCheck;
    const headers = { "User-Agent": "ELB-HealthChecker/2.0", Connection: "close" };
    return new Promise((resolve) => {
      const asked = get({ host: "127.0.0.1", port, path, headers, agent: false, signal }, (answer) => {
        answer.on("error", () => undefined).resume();
        resolve(answer.statusCode === status);
      });
      const late = setTimeout(() => asked.destroy(), timeout * 1000);
      asked.on("error", () => resolve(false)).on("close", () => clearTimeout(late));
    });
  }
}
