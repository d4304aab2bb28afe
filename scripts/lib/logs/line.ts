import type { FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";

/** One line of Keycloak's log. */
export interface LogLine {
  /** When it was written. */
  readonly time: Date;
  /** Id of the task that wrote it: 32 hexadecimal digits. */
  readonly task: string;
  /** Such as `INFO`; undefined where the line begins without one, such as those of a stack trace. */
  readonly level?: string;
  /** As it was written. */
  readonly text: string;
}

/** How Keycloak begins a line: `2026-11-24 09:58:29,336 WARN  [org.keycloak.events] …`; the group is the level. */
const BEGINNING = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ([A-Z]+) +/;

/** The line of an event of CloudWatch Logs, whose stream is `<prefix>/<container>/<task>`. */
export function logLine({ timestamp = 0, logStreamName = "", message = "" }: FilteredLogEvent): LogLine {
  const level = BEGINNING.exec(message)?.[1];
  const task = logStreamName.split("/").at(-1)!;
  return { time: new Date(timestamp), task, ...(level && { level }), text: message };
}

/** As many digits of a task's id tell it from the others. */
const SHORT_ID = 8;

/** The parts that a line is shown by; the time stands once, and nothing in the text can disturb the terminal. */
export function shownParts({ time, task, text }: LogLine): { time: string; task: string; text: string } {
  const withoutTime = BEGINNING.test(text) ? text.slice("2026-11-24 09:58:29,336 ".length) : text;
  return { time: time.toISOString(), task: task.slice(0, SHORT_ID), text: printable(withoutTime) };
}

/** Control characters, which come from whoever sends requests, become visible; a tab stays. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  return text.trimEnd().replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}
