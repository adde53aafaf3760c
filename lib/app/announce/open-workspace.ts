import type { ChatMessage } from '../../domain/announce/message.ts';
import { outcomeAfterMs } from '../../domain/announce/next-step.ts';
import { afterSuccess, isWorthTelling } from '../../domain/announce/workspace.ts';
import { isGraver } from '../../domain/policy/policy.ts';
import type { Incident } from '../../domain/incident/state.ts';
import { ok, type Result } from '../../domain/shared/result.ts';
import { after, between, seconds, type EpochMs } from '../../domain/shared/time.ts';
import type { ChatFailure } from '../../ports/chat.ts';
import type { PortFailure } from '../../ports/failure.ts';
import { inSomeForm } from './carry-out.ts';
import type { AnnounceDeps, ChatTenant } from './deps.ts';
import type { Run } from './run.ts';
import { Pace, type Limits } from './pace.ts';

/** Incidents that a summary looks at, and those that it names. */
const incidentsCounted = 100;
const incidentsNamed = 20;

/** An outage is noticed by a call that failed, a little after the incident that it was to show. */
const noticedWithinMs = seconds(15);

/**
 * Begins a look at a tenant's workspace. When it was out of reach, it is asked first whether it is
 * back, and if so told in one message what it missed: before any incident of then is shown.
 */
export async function openWorkspace(
  deps: AnnounceDeps,
  tenant: ChatTenant,
  look: { readonly endMs: EpochMs; readonly limits: Limits },
): Promise<Result<Run, PortFailure>> {
  const workspace = await deps.rows.loadWorkspace(tenant.id);
  if (!workspace.ok) return workspace;
  const pace = new Pace(deps, { tenant, ...look, workspace: workspace.value });
  const run: Run = { deps, tenant, pace };
  if (pace.workspace.nextTryAtMs === null || pace.closedUntilMs !== null) return ok(run);
  const greeted = await greet(run);
  if (greeted !== 'told') {
    if (greeted === 'being told') holdBack(run);
    else await pace.failed(greeted);
    return ok(run);
  }
  deps.log.info('The chat of a tenant answers again.', { tenant: tenant.id });
  await pace.remember(afterSuccess(pace.workspace));
  return ok(run);
}

/** `told`: the workspace is back, and knows what it missed. A failure: it is not. */
type Greeted = 'told' | 'being told' | ChatFailure;

/** Somebody else is about to tell what was missed: the incidents come after that. */
function holdBack({ deps, pace }: Run): void {
  const { pending } = pace.workspace;
  pace.holdBack(after(pending?.atMs ?? deps.clock.now(), outcomeAfterMs));
}

async function greet(run: Run): Promise<Greeted> {
  const { deps, tenant, pace } = run;
  const answer = await deps.chat.whoAmI(tenant.id);
  if (!answer.ok) return answer.error;
  const { downSinceMs } = pace.workspace;
  if (downSinceMs === null || !isWorthTelling(pace.workspace, deps.clock.now())) return 'told';
  return tellOutage(run, downSinceMs);
}

async function tellOutage(run: Run, fromMs: EpochMs): Promise<Greeted> {
  const { deps, tenant, pace } = run;
  const place = { channel: tenant.slack.channel, threadTs: null };
  const key = `outage/${fromMs}`;
  const earlier = await lookForEarlier(run, { place, key });
  if (earlier !== null) return earlier;
  const message = await summaryOf(run, fromMs);
  if (message === null) return 'told';
  const pending = { key, atMs: deps.clock.now() };
  if (!(await pace.remember({ ...pace.workspace, pending }))) return 'being told';
  const posted = await inSomeForm(message, (form) =>
    deps.chat.post(tenant.id, { place, message: form, key }),
  );
  return posted.ok ? 'told' : posted.error;
}

/** What became of a try that ended without word; null when there was none, or it came to nothing. */
async function lookForEarlier(
  { deps, tenant, pace }: Run,
  of: Pick<Parameters<AnnounceDeps['chat']['findPosted']>[1], 'place' | 'key'>,
): Promise<Greeted | null> {
  const { pending } = pace.workspace;
  if (pending === null) return null;
  if (between(pending.atMs, deps.clock.now()) < outcomeAfterMs) return 'being told';
  const found = await deps.chat.findPosted(tenant.id, { ...of, sinceMs: pending.atMs });
  if (!found.ok) return found.error;
  return found.value === null ? null : 'told';
}

/** Null when nothing happened meanwhile, or nobody can say what. */
async function summaryOf({ deps, tenant }: Run, fromMs: EpochMs): Promise<ChatMessage | null> {
  const list = (status: 'open' | 'closed') =>
    deps.store.listIncidents({ tenant: tenant.id, status, limit: incidentsCounted, after: null });
  const [open, closed] = await Promise.all([list('open'), list('closed')]);
  if (!open.ok || !closed.ok) {
    deps.log.warn('Nobody can say what the chat missed.', { tenant: tenant.id });
    return null;
  }
  const all = [...open.value.incidents, ...closed.value.incidents];
  const opened = all.filter(({ openedAtMs }) => after(openedAtMs, noticedWithinMs) >= fromMs);
  const resolved = all.filter((one) => one.state === 'resolved' && one.resolvedAtMs >= fromMs);
  if (opened.length + resolved.length === 0) return null;
  return deps.renderer.summary({
    tenant,
    fromMs,
    untilMs: deps.clock.now(),
    opened: opened.length,
    resolved: resolved.length,
    isPartial: open.value.next !== null || closed.value.next !== null,
    incidents: opened.toSorted(byGravity).slice(0, incidentsNamed),
  });
}

/** The gravest first, then the oldest. */
export function byGravity(a: Incident, b: Incident): number {
  if (a.severity !== b.severity) return isGraver(a.severity, b.severity) ? -1 : 1;
  return a.openedAtMs - b.openedAtMs;
}
