import { quote } from "../drift/difference.ts";
import { pc } from "../terminal/colours.ts";
import { counted } from "../terminal/counted.ts";
import { indented, table } from "../terminal/table.ts";
import { day, moment } from "../terminal/time.ts";
import type { PrunePlan } from "./plan.ts";
import type { PruneResult } from "./prune.ts";

/** Clients that are shown one by one; `--json` has them all. */
const SHOWN = 20;

/** `412 of at most 1000 clients (41 %)`; yellow from 80 % on, red where nobody can register any more. */
export function fullness({ clients, maxClients }: PrunePlan): string {
  const text = `${clients} of at most ${maxClients} clients (${Math.floor((clients / maxClients) * 100)} %)`;
  if (clients >= maxClients) return `${pc.red(text)}: nobody can register a new one`;
  return clients >= maxClients * 0.8 ? pc.yellow(text) : text;
}

/** What was found, for people: how full the realm is, who goes, who stays and why. */
export function planReport(plan: PrunePlan, width: number): string {
  const { unused, kept, proof, days } = plan;
  const since = moment(proof.from);
  const rows = [
    [unused.length, "unused: registered themselves, no session now, no login since"],
    [kept.inUse, "stay: somebody has a session with them"],
    [kept.recent, "stay: registered, or logged somebody in, since then"],
    [
      kept.notSelfRegistered,
      "stay: built-in, defined, made or changed by an administrator, or not certainly self-registered",
    ],
  ] as const;
  const widest = Math.max(...rows.map(([number]) => String(number).length));
  const lines = table(
    rows.map(([number, text], index) => [String(number).padStart(widest), index === 0 ? `${text} ${since}` : text]),
    width && width - 2,
    (cell, column, row) => (row === 0 && unused.length > 0 && column === 0 ? pc.yellow(cell) : cell),
  );
  return [
    fullness(plan),
    "",
    indented(lines),
    ...(proof.unusedDays < days ? ["", shortIdle(plan)] : []),
    ...(unused.length > 0 ? ["", indented(unusedTable(plan, width && width - 2))] : []),
  ].join("\n");
}

/** Where a client's last use may have been nearer than asked. */
function shortIdle({ proof, days }: PrunePlan): string {
  return pc.dim(
    `An offline session ends after ${counted(proof.unusedDays, "day")} without use (realm.lifespans.offlineIdle). So for those ${counted(days, "day")} it is ` +
      `proved that nobody logged in, and for the last ${counted(proof.unusedDays, "day")} that nobody got a token.`,
  );
}

function unusedTable({ unused, proof }: PrunePlan, width: number): string {
  const shown = unused.slice(0, SHOWN);
  const rows = shown.map(({ clientId, registered, name }) => [
    clientId,
    registered ? day(registered) : `before ${day(proof.since)}`,
    name ? quote(name, 60) : "",
  ]);
  const lines = table([["Client", "Registered", "Calls itself"], ...rows], width, (cell, _, row) =>
    row === 0 ? pc.bold(cell) : cell,
  );
  const more = unused.length - shown.length;
  return more > 0 ? `${lines}\n${pc.dim(`… and ${more} more: --json lists them all`)}` : lines;
}

/** What was done, in one or two lines. */
export function outcomeReport({ applied, unused, outcomes, clients, maxClients }: PruneResult): string {
  if (unused.length === 0) return pc.green("Nothing to remove.");
  if (!applied)
    return pc.yellow(`${counted(unused.length, "client")} can go. Nothing was removed: add --apply to remove them.`);
  const left = clients - outcomes.removed - outcomes.gone;
  return [
    pc.green(`${counted(outcomes.removed, "client")} removed; ${left} of at most ${maxClients} are left.`),
    ...(outcomes["in use"] > 0
      ? [`${counted(outcomes["in use"], "client")} stayed: somebody has logged in meanwhile.`]
      : []),
    ...(outcomes.gone > 0 ? [`${counted(outcomes.gone, "client")} had gone meanwhile.`] : []),
  ].join("\n");
}

/** The result for machines. Times as ISO 8601. */
export function pruneReport(result: PruneResult, about: { environment: string; url: string; realm: string }) {
  const { proof, unused, outcomes, kept, applied, clients, maxClients, days } = result;
  const iso = (time: number) => new Date(time).toISOString();
  return {
    ...about,
    applied,
    days,
    clients,
    maxClients,
    unused: unused.map(({ registered, ...client }) => ({ ...client, registered: registered && iso(registered) })),
    kept,
    removed: outcomes.removed,
    stayedInUse: outcomes["in use"],
    gone: outcomes.gone,
    proof: { noLoginSince: iso(proof.from), eventsCompleteSince: iso(proof.since), unusedDays: proof.unusedDays },
  };
}
