import { setTimeout as sleep } from "node:timers/promises";
import type { Session, TestPeople } from "./people.ts";

/** What came of a load. */
export interface LoadOutcome {
  readonly requests: number;
  /** What was refused, and when, in seconds since the beginning. */
  readonly failures: readonly { readonly at: number; readonly error: string }[];
}

/** A load that goes on until it is ended. */
export interface Load {
  end(): Promise<LoadOutcome>;
}

/**
 * Five things a second, in turn: a login with all its pages, a refresh, an introspection. A session takes part in one
 * thing at a time, as an MCP client uses its own; nothing is repeated.
 * @param sessions that are refreshed and introspected
 */
export function startLoad(people: TestPeople, sessions: readonly Session[]): Load {
  const started = performance.now();
  const failures: { at: number; error: string }[] = [];
  const pending = new Set<Promise<void>>();
  const idle = [...sessions];
  let requests = 0;
  let going = true;

  const things = [
    () => people.logIn().then(() => undefined),
    () => withSession((session) => people.refresh(session)),
    () => withSession(async (session) => void (await people.introspect(session))),
  ];
  async function withSession(use: (session: Session) => Promise<void>): Promise<void> {
    const session = idle.shift();
    if (!session) return;
    try {
      await use(session);
    } finally {
      idle.push(session);
    }
  }
  const loop = (async () => {
    while (going) {
      const at = (performance.now() - started) / 1000;
      const one = things[requests++ % things.length]!()
        .catch((error: Error) => void failures.push({ at: Math.round(at), error: error.message }))
        .finally(() => pending.delete(one));
      pending.add(one);
      await sleep(200);
    }
  })();
  return {
    end: async () => {
      going = false;
      await loop;
      await Promise.all(pending);
      return { requests, failures };
    },
  };
}
