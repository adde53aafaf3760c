import type { Commit } from '../../domain/incident/event.ts';
import type { Incident } from '../../domain/incident/state.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import {
  after,
  minutes,
  seconds,
  type DurationMs,
  type EpochMs,
} from '../../domain/shared/time.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { inParallel } from '../concurrency.ts';
import { announceIncident, postpone } from './announce-incident.ts';
import { hasChat, type AnnounceDeps, type ChatTenant } from './deps.ts';
import type { Run, Subject } from './run.ts';
import { byGravity, openWorkspace } from './open-workspace.ts';
import { clearLimits, noLimits, type Limits } from './pace.ts';

/** The stream behind a batch waits for its end, so that is soon. */
const streamedLookMs = seconds(10);
/** The next look starts a minute later. */
const plannedLookMs = seconds(45);
/** Now and then every open incident is looked at, whether or not anybody asked. */
const sweepEveryMs = minutes(5);
const rowsPerLook = 100;
const readsAtOnce = 8;
const tenantsAtOnce = 4;

/** A commit as the stream brought it; `position` is the stream's name for the record. */
export interface StreamedCommit {
  readonly position: string;
  readonly value: Commit;
}

/** Shows incidents in the chats of all tenants, at the pace that these allow. */
export interface Announcer {
  /**
   * Shows what some new commits changed, the gravest incidents first. Trouble with the chat is
   * written down for the planned looks, and never holds the stream up. Gives the position of the
   * first commit whose incident could not be read or written, from which on the stream must come
   * again; null when there is none.
   */
  readonly fromStream: (commits: readonly StreamedCommit[]) => Promise<string | null>;
  /**
   * One planned look, once a minute: goes on with what is owed to the chat, and every few minutes
   * with all open incidents, in case that a commit never came by. Late, missing, repeated and
   * overlapping looks change nothing but lateness.
   */
  readonly owed: () => Promise<Looks>;
}

/** Made once for each instance of a function, whose looks then share one pace. */
export function createAnnouncer(deps: AnnounceDeps): Announcer {
  const announcing: Announcing = { ...deps, limits: noLimits() };
  return {
    fromStream: (commits) => announceFromStream(announcing, commits),
    owed: () => announceOwed(announcing),
  };
}

interface Announcing extends AnnounceDeps {
  readonly limits: Limits;
}

async function announceFromStream(
  deps: Announcing,
  commits: readonly StreamedCommit[],
): Promise<string | null> {
  const byTenant = Map.groupBy(commits, ({ value }) => value.tenant);
  const failed = await inParallel(chatTenants(deps), tenantsAtOnce, async (tenant) => {
    const own = (byTenant.get(tenant.id) ?? []).map(({ value }) => value);
    const ids = own.length === 0 ? [] : await announceAll(deps, tenant, subjectsOf(own));
    return ids.map((id) => `${tenant.id}/${id}`);
  });
  const isFailed = new Set(failed.flat());
  const first = commits.find(({ value }) => isFailed.has(`${value.tenant}/${value.incidentId}`));
  return first?.position ?? null;
}

function subjectsOf(commits: readonly Commit[]): readonly Subject[] {
  const byIncident = Map.groupBy(commits, ({ incidentId }) => incidentId);
  return [...byIncident].map(([incidentId, own]) => ({ incidentId, commits: own }));
}

async function announceAll(
  deps: Announcing,
  tenant: ChatTenant,
  subjects: readonly Subject[],
): Promise<readonly string[]> {
  const run = await begin(deps, tenant, streamedLookMs);
  if (run.ok) return showAll(run.value, subjects);
  deps.log.error('How the chat answers cannot be read.', { why: run.error });
  return subjects.map(({ incidentId }) => incidentId);
}

function begin(
  { limits, ...deps }: Announcing,
  tenant: ChatTenant,
  spanMs: DurationMs,
): ReturnType<typeof openWorkspace> {
  const nowMs = deps.clock.now();
  clearLimits(limits, nowMs);
  return openWorkspace(deps, tenant, { limits, endMs: after(nowMs, spanMs) });
}

/** What a planned look found. */
export interface Looks {
  readonly looked: number;
  /** Incidents that could not be read or written. */
  readonly failed: number;
}

async function announceOwed(deps: Announcing): Promise<Looks> {
  const looks = await inParallel(chatTenants(deps), tenantsAtOnce, async (tenant) => {
    const run = await begin(deps, tenant, plannedLookMs);
    const subjects =
      run.ok && run.value.pace.closedUntilMs !== null ? ok([]) : await owed(deps, tenant);
    if (!run.ok || !subjects.ok) {
      const why = [run, subjects].flatMap((read) => (read.ok ? [] : [read.error]));
      deps.log.error('What is owed to the chat cannot be read.', { tenant: tenant.id, why });
      return { looked: 0, failed: 1 };
    }
    const failed = await showAll(run.value, subjects.value);
    return { looked: subjects.value.length, failed: failed.length };
  });
  return {
    looked: looks.reduce((sum, { looked }) => sum + looked, 0),
    failed: looks.reduce((sum, { failed }) => sum + failed, 0),
  };
}

async function owed(
  { rows, store, clock }: AnnounceDeps,
  { id: tenant }: ChatTenant,
): Promise<Result<readonly Subject[], PortFailure>> {
  const nowMs = clock.now();
  const pending = await rows.loadPending(tenant, nowMs, rowsPerLook);
  if (!pending.ok) return pending;
  const ids = pending.value.map(({ incidentId }) => incidentId);
  const open = isSweep(nowMs)
    ? await store.listIncidents({ tenant, status: 'open', limit: rowsPerLook, after: null })
    : ok({ incidents: [] });
  if (!open.ok) return open;
  const all = new Set([...ids, ...open.value.incidents.map(({ id }) => id)]);
  return ok([...all].map((incidentId) => ({ incidentId, commits: [] })));
}

const isSweep = (nowMs: EpochMs): boolean =>
  Math.floor(nowMs / minutes(1)) % (sweepEveryMs / minutes(1)) === 0;

/** Shows incidents one after the other, the gravest first. Gives the ids of those that failed. */
async function showAll(run: Run, subjects: readonly Subject[]): Promise<readonly string[]> {
  const ordered = await inOrder(run, subjects);
  const failed: string[] = [];
  for (const subject of ordered) {
    const { incidentId } = subject;
    const untilMs = run.pace.closedUntilMs;
    const shown =
      untilMs === null
        ? await announceIncident(run, subject)
        : await postpone(run, incidentId, untilMs);
    if (shown.ok) continue;
    failed.push(incidentId);
    run.deps.log.error('An incident is not in the chat yet.', {
      incident: incidentId,
      why: shown.error,
    });
  }
  return failed;
}

/** An incident that cannot be read comes last: it will say so again. */
async function inOrder(
  { deps, tenant }: Run,
  subjects: readonly Subject[],
): Promise<readonly Subject[]> {
  if (subjects.length < 2) return subjects;
  const read = await inParallel(subjects, readsAtOnce, async (subject) => {
    const loaded = await deps.store.loadIncident(tenant.id, subject.incidentId);
    return { subject, incident: loaded.ok ? loaded.value : null };
  });
  const rank = (a: Incident | null, b: Incident | null): number =>
    a === null || b === null ? Number(a === null) - Number(b === null) : byGravity(a, b);
  return read.toSorted((a, b) => rank(a.incident, b.incident)).map(({ subject }) => subject);
}

const chatTenants = ({ policy }: AnnounceDeps): readonly ChatTenant[] =>
  policy.tenants.filter(hasChat);
