import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  type FilteredLogEvent,
  type FilterLogEventsCommandInput,
} from "@aws-sdk/client-cloudwatch-logs";
import { CONTAINER_NAME } from "../../../constructs/ecs/container.ts";
import { logGroupName } from "../../../constructs/names.ts";
import type { EnvironmentOnAws } from "../../../environments/schema/on-aws.ts";
import { askAws, clientOptions } from "../aws/ask.ts";
import { pause } from "../pause.ts";
import { logLine, type LogLine } from "./line.ts";
import { ERROR_LEVELS, filterPattern, type LineFilter } from "./pattern.ts";

/** What is read, and how. */
export interface LogOptions extends LineFilter {
  readonly signal: AbortSignal;
  /** Lines from here on. */
  readonly since: Date;
  /** The first digits of a task's id, or all. @default every task */
  readonly task?: string;
  /** Go on with what comes, until the signal is aborted. */
  readonly follow: boolean;
  /** Milliseconds between two looks for what has come. @default 2000: an account has five such requests a second */
  readonly intervalMs?: number;
  /** Lines that AWS gives at once, 10000 at the most. @default as many as fit into its answer */
  readonly pageSize?: number;
}

/**
 * Reads the log of an environment's Keycloak, oldest line first. Tasks that back up and restore write to the same group;
 * their lines are left out.
 * @throws UserError where there is no log yet, or AWS refuses; the signal's reason where it is aborted
 */
export async function* readLog(environment: EnvironmentOnAws, options: LogOptions): AsyncGenerator<LogLine> {
  const { signal, follow, errors, intervalMs = 2_000 } = options;
  const streams = `${CONTAINER_NAME}/${CONTAINER_NAME}/${options.task ?? ""}`;
  const pages = pagesOf(environment, options, streams);
  const window = new Window(options.since.getTime());
  for (;;) {
    const looked = Date.now();
    for await (const page of pages(window.start)) {
      const events = follow ? window.fresh(page) : page;
      // AWS sorts, but does not promise it for several streams.
      const lines = events
        .filter(({ logStreamName }) => logStreamName?.startsWith(streams))
        .map(logLine)
        .sort((one, other) => one.time.getTime() - other.time.getTime());
      for (const line of lines) if (!errors || ERROR_LEVELS.has(line.level ?? "")) yield line;
    }
    if (!follow) return;
    window.move(looked);
    await pause(intervalMs, signal);
  }
}

/** Makes a function that asks for all lines from a time on, page by page. */
function pagesOf({ name, aws }: EnvironmentOnAws, options: LogOptions, logStreamNamePrefix: string) {
  const client = new CloudWatchLogsClient(clientOptions(aws.region));
  const group = logGroupName(name);
  const known = {
    ResourceNotFoundException: `There is no log group ${group} in ${aws.region}: nothing is deployed there yet. Deploy it: npm run deploy -- ${name}`,
  };
  return async function* (startTime: number): AsyncGenerator<FilteredLogEvent[]> {
    const input: FilterLogEventsCommandInput = {
      logGroupName: group,
      logStreamNamePrefix,
      startTime,
      filterPattern: filterPattern(options),
      limit: options.pageSize,
    };
    for (let nextToken: string | undefined; ;) {
      const request = new FilterLogEventsCommand({ ...input, nextToken });
      const answer = await askAws(
        "logs:FilterLogEvents",
        options.signal,
        () => client.send(request, { abortSignal: options.signal }),
        known,
      );
      yield answer.events ?? []; // may be empty although there are more pages
      if (!answer.nextToken) return;
      nextToken = answer.nextToken;
    }
  };
}

/** Milliseconds that a line may come after a later one: tasks send theirs every few seconds. */
const LATE = 60_000;

/** Milliseconds that this machine's clock may be wrong: AWS refuses requests of one that is more so. */
const CLOCK = 5 * 60_000;

/**
 * What is asked for again while a log is followed. Lines do not come in the order of their times, so each look goes back
 * a little, and leaves out what was there before.
 */
class Window {
  /** Times of the events that were seen, by id. */
  private readonly seen = new Map<string, number>();
  private newest = 0;

  /** @param start where the next look begins, in milliseconds since 1970 */
  constructor(public start: number) {}

  /** Those of the events that were not seen yet. */
  fresh(events: readonly FilteredLogEvent[]): FilteredLogEvent[] {
    const fresh = events.filter(({ eventId = "" }) => !this.seen.has(eventId));
    for (const { eventId = "", timestamp = 0 } of fresh) {
      this.newest = Math.max(this.newest, timestamp);
      this.seen.set(eventId, timestamp);
    }
    // No look goes back further.
    for (const [id, timestamp] of this.seen) if (timestamp < this.newest - LATE) this.seen.delete(id);
    return fresh;
  }

  /**
   * Goes on, after all up to now was looked at.
   * @param looked when that began, by this machine's clock: counts where the filter has let nothing new through
   */
  move(looked: number): void {
    this.start = Math.max(this.start, this.newest - LATE, looked - CLOCK - LATE);
  }
}
