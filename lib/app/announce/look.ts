import { linesOf } from '../../domain/announce/told.ts';
import type { ChatMessage } from '../../domain/announce/message.ts';
import { isLate, type ChatView } from '../../domain/announce/next-step.ts';
import { wantsOwnChannel } from '../../domain/announce/own-channel.ts';
import { leadsOf } from '../../domain/announce/persons.ts';
import type { Line } from '../../domain/announce/renderer.ts';
import type { ChatRow } from '../../domain/announce/row.ts';
import type { Commit } from '../../domain/incident/event.ts';
import type { Incident } from '../../domain/incident/state.ts';
import { canonicalJson } from '../../domain/shared/json.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { loadRow } from './amend.ts';
import type { Run, Subject } from './run.ts';

/** An incident with its log, as read at one instant. */
export interface Looked {
  readonly incident: Incident;
  readonly row: ChatRow;
  /** Those after what the row says was told, at least. */
  readonly commits: readonly Commit[];
  readonly onCall: readonly string[];
}

/** Reads what there is to show. Null when there is no such incident. */
export async function look(
  { deps, tenant }: Run,
  { incidentId, commits }: Subject,
): Promise<Result<Looked | null, PortFailure>> {
  const [incident, row] = await Promise.all([
    deps.store.loadIncident(tenant.id, incidentId),
    loadRow(deps, tenant.id, incidentId),
  ]);
  if (!incident.ok || incident.value === null) return incident.ok ? ok(null) : incident;
  if (!row.ok) return row;
  const log = covers(commits, row.value.toldSeq, incident.value.version)
    ? ok(commits)
    : await deps.store.loadCommits(tenant.id, incidentId);
  if (!log.ok) return log;
  const looked = { incident: incident.value, row: row.value, commits: log.value };
  const onCall = asksOnCall(looked, tenant) ? await deps.onCall(looked.incident) : [];
  return ok({ ...looked, onCall });
}

/** Whether the commits at hand leave no gap between what was told and how the incident stands. */
function covers(commits: readonly Commit[], toldSeq: number, version: number): boolean {
  let nextSeq = toldSeq + 1;
  for (const { firstSeq, events } of commits.toSorted((a, b) => a.firstSeq - b.firstSeq)) {
    if (firstSeq > nextSeq) return false;
    nextSeq = Math.max(nextSeq, firstSeq + events.length);
  }
  return nextSeq > version;
}

/** Those on call are invited into a new channel, and are to hurry while nobody else leads. */
function asksOnCall(
  { incident, row, commits }: Omit<Looked, 'onCall'>,
  tenant: Run['tenant'],
): boolean {
  if (wantsOwnChannel(incident, row, tenant.slack)) return true;
  if (row.own !== null && !row.own.isOver && row.own.invited.length === 0) return true;
  return (
    leadsOf(incident).length === 0 &&
    commits.some(({ firstSeq, events }) =>
      events.some(({ type }, index) => firstSeq + index > row.toldSeq && hurrying.has(type)),
    )
  );
}

const hurrying: ReadonlySet<string> = new Set([
  'sla.stage_reached',
  'sla.breached',
  'acknowledgement.idle',
  'action.ended',
]);

/** What the chat is to show, beside what it does. */
export function viewOf({ deps, tenant }: Run, looked: Looked): ChatView {
  const nowMs = deps.clock.now();
  const digestOf = (ownChannel: string | null): string => {
    // Of the address only what stays: a fresh signature is no news.
    const consoleUrl = 'https://console.invalid/';
    const card = deps.renderer.card({ ...looked, tenant, consoleUrl, ownChannel });
    return deps.hashing.digest(canonicalJson(card)).slice(0, 32);
  };
  return {
    ...looked,
    tenant,
    slack: tenant.slack,
    lines: untoldLines(looked, tenant, nowMs),
    digests: { home: digestOf(channelOf(looked.row)), own: digestOf(null) },
    nowMs,
  };
}

function untoldLines(
  { commits, incident, row, onCall }: Looked,
  { people }: Run['tenant'],
  nowMs: ChatView['nowMs'],
): readonly Line[] {
  const of = { incident, people, onCall, sinceSeq: row.toldSeq };
  const lines = linesOf(commits, { ...of, isLate: false });
  return isLate(lines, nowMs) ? linesOf(commits, { ...of, isLate: true }) : lines;
}

/** The own channel, for the card elsewhere to lead to. */
const channelOf = ({ own }: ChatRow): string | null => (own === null || own.isOver ? null : own.id);

/** The card as it is posted: in the own channel it leads nowhere, elsewhere to that channel. */
export async function cardOf(
  { deps, tenant }: Run,
  { incident, row }: ChatView,
  which: 'home' | 'own',
): Promise<ChatMessage> {
  const consoleUrl = await deps.consoleUrl(tenant.id, incident.id);
  const ownChannel = which === 'home' ? channelOf(row) : null;
  return deps.renderer.card({ incident, tenant, consoleUrl, ownChannel });
}

/** The lines as they are posted: one summary when they are late. */
export function linesMessage({ deps, tenant }: Run, view: ChatView): ChatMessage {
  const { incident, lines, nowMs } = view;
  const [first] = lines;
  return first !== undefined && isLate(lines, nowMs)
    ? deps.renderer.catchUp({ incident, tenant, lines, sinceMs: first.atMs })
    : deps.renderer.lines({ incident, tenant, lines });
}
