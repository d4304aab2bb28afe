const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Milliseconds of a day. */
export const DAY = 24 * HOUR;

/** `2026-11-24` */
export function day(time: Date | number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** `2026-11-24 13:05 UTC` */
export function moment(time: Date | number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** `2026-11-24 13:05 UTC (11 min ago)` */
export function momentAgo(time: Date | undefined, now = Date.now()): string {
  return time ? `${moment(time)} (${ago(time, now)})` : "at an unknown time";
}

/** `just now`, `30 s ago`, `11 min ago`, `5 h ago`, `12 days ago`; clocks that differ a little do not show. */
export function ago(time: Date, now = Date.now()): string {
  const passed = Math.max(0, now - time.getTime());
  if (passed < 5_000) return "just now";
  if (passed < 2 * MINUTE) return `${Math.round(passed / 1000)} s ago`;
  if (passed < 2 * HOUR) return `${Math.round(passed / MINUTE)} min ago`;
  if (passed < 2 * DAY) return `${Math.round(passed / HOUR)} h ago`;
  return `${Math.round(passed / DAY)} days ago`;
}

/** `7 s`, `12 min 5 s` */
export function elapsed(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Whole days from now until a time; negative where it has passed. */
export function daysUntil(time: Date, now = Date.now()): number {
  return Math.floor((time.getTime() - now) / DAY);
}

/** Whether something was less than so many minutes ago. */
export function isWithin(minutes: number, time: Date | undefined, now = Date.now()): boolean {
  return time !== undefined && now - time.getTime() < minutes * MINUTE;
}
