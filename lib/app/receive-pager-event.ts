import type { IncidentCommand, Refusal } from '../domain/incident/command.ts';
import {
  describePagerEvent,
  linkCommand,
  pagerCommand,
  pagerPrincipal,
} from '../domain/incident/pager-command.ts';
import type { PagerDutyEvent, PagerDutyIncident } from '../domain/incident/pagerduty-event.ts';
import { err, ok } from '../domain/shared/result.ts';
import { between, minutes, type EpochMs } from '../domain/shared/time.ts';
import type { DeliveryOutcome } from '../ports/store.ts';
import { act, type Acted } from './act.ts';
import { adoptIncident, type BornThere } from './adopt-incident.ts';
import { tenantOf } from './deps.ts';
import { findPagedIncident } from './find-paged-incident.ts';
import {
  deliveryOf,
  keep,
  keepAs,
  keyOf,
  type PagerEventDeps,
  type PagerEventIntake,
  type PagerEventReceived,
} from './keep-pager-event.ts';
import { quarantine } from './operator-incident.ts';
import { isEcho, isNews, statusOf } from './pager-echo.ts';

export type { PagerEventDeps, PagerEventIntake, PagerEventReceived } from './keep-pager-event.ts';

/** Older than this, an event counts only if PagerDuty's own record agrees. */
const freshForMs = minutes(15);

/**
 * Applies one verified event of PagerDuty, once. `ok` means that the event is stored with what
 * became of it; an error asks the sender to come again.
 */
export async function receivePagerEvent(
  deps: PagerEventDeps,
  intake: PagerEventIntake,
): Promise<PagerEventReceived> {
  const key = keyOf(deps, intake);
  const known = await deps.store.loadDelivery(key);
  if (!known.ok) return known;
  if (known.value !== null) return ok(known.value.outcome);
  const { pdIncident } = intake.event;
  if (pdIncident === null) return keep(deps, intake, aboutNothing);
  const found = await findPagedIncident(deps, intake.tenant, pdIncident);
  if (!found.ok) return found;
  switch (found.value.kind) {
    case 'ours':
      return take(deps, intake, found.value.incidentId);
    case 'theirs':
      return adopt(deps, intake, { pdIncident, dedupKeys: found.value.dedupKeys });
    case 'unknown':
      return keep(deps, intake, aboutNothing);
  }
}

const aboutNothing = 'it is about no incident of ours';

/**
 * Opens ours for one that was born there. Without any alert it must be a person's: the alert of a
 * page of ours may only not show yet.
 */
async function adopt(
  deps: PagerEventDeps,
  intake: PagerEventIntake,
  {
    pdIncident,
    dedupKeys,
  }: {
    readonly pdIncident: PagerDutyIncident;
    readonly dedupKeys: readonly string[];
  },
): Promise<PagerEventReceived> {
  const { event } = intake;
  const tenant = tenantOf(deps.policy, intake.tenant);
  const isBornThere = dedupKeys.length > 0 || event.agent?.type === 'user_reference';
  if (tenant === null || event.kind !== 'triggered' || !isBornThere) {
    return keep(deps, intake, aboutNothing);
  }
  const adopted = await adoptIncident(deps, tenant, bornThere(pdIncident, event.occurredAtMs));
  if (!adopted.ok) return adopted;
  if (adopted.value === null) return keep(deps, intake, aboutNothing);
  const incidentIds = [adopted.value.id];
  const reason = 'an incident that was born in PagerDuty';
  return keepAs(deps, intake, { kind: 'attached', incidentIds, alerts: 0, reason });
}

const bornThere = (
  { id, title, htmlUrl, service, urgency, priority }: PagerDutyIncident,
  startedAtMs: EpochMs,
): BornThere => ({
  pagerIncidentId: id,
  title,
  url: htmlUrl ?? '',
  serviceId: service?.id ?? '',
  urgency: urgency ?? 'high',
  priority: priority?.name ?? null,
  startedAtMs,
});

/** Keeps a signed webhook that cannot be read, and tells the operators. */
export async function quarantinePagerEvent(
  deps: PagerEventDeps,
  unreadable: {
    readonly tenant: string;
    readonly reason: string;
    readonly body: Uint8Array;
    readonly requestId: string;
  },
): Promise<PagerEventReceived> {
  const tenant = tenantOf(deps.policy, unreadable.tenant);
  if (tenant === null) {
    const message = `The policy has no tenant ${unreadable.tenant}, which the secret names.`;
    return err({ kind: 'rejected', message });
  }
  const source = {
    id: 'pagerduty',
    kind: 'alertmanager',
    labels: {},
    apiUrl: null,
    unreadableSeverity: 'P2',
  } as const;
  const taken = await quarantine(deps, { ...unreadable, tenant, source });
  return taken.ok ? ok(taken.value.outcome) : taken;
}

async function take(
  deps: PagerEventDeps,
  intake: PagerEventIntake,
  incidentId: string,
): Promise<PagerEventReceived> {
  const echo = await isEcho(deps, intake, incidentId);
  if (!echo.ok) return echo;
  return echo.value
    ? keep(deps, intake, 'what Tocsin wrote there comes back')
    : apply(deps, intake, incidentId);
}

async function apply(
  deps: PagerEventDeps,
  intake: PagerEventIntake,
  incidentId: string,
): Promise<PagerEventReceived> {
  const { tenant, event } = intake;
  const isOld = between(event.occurredAtMs, deps.clock.now()) > freshForMs;
  const agrees = isOld ? await recordAgrees(deps, intake) : true;
  const policy = tenantOf(deps.policy, tenant);
  const command = agrees
    ? pagerCommand(event, policy?.people ?? [])
    : tell(intake, 'came too late and PagerDuty no longer says so');
  const applied = await actAndKeep(deps, intake, { incidentId, command });
  if (!applied.ok) return applied;
  if (event.pdIncident !== null && agrees) await link(deps, intake, incidentId);
  return ok(applied.value);
}

/** Whether PagerDuty's record still says what an old event said. Unreachable means no. */
async function recordAgrees(
  { directory }: PagerEventDeps,
  { tenant, event }: PagerEventIntake,
): Promise<boolean> {
  if (!(event.kind in statusOf) || event.pdIncident === null) return true;
  const record = await directory.findIncident(tenant, event.pdIncident.id);
  // The guard above leaves the four kinds that name a status.
  return record.ok && record.value.status === statusOf[event.kind as keyof typeof statusOf];
}

const tell = ({ event }: PagerEventIntake, remark: string): IncidentCommand => ({
  kind: 'record-activity',
  activity: event.kind,
  by: pagerPrincipal(event, []),
  occurredAtMs: event.occurredAtMs,
  text: `${describePagerEvent(event)}; ${remark}`,
});

async function actAndKeep(
  deps: PagerEventDeps,
  intake: PagerEventIntake,
  { incidentId, command }: { readonly incidentId: string; readonly command: IncidentCommand },
): Promise<PagerEventReceived> {
  const outcome: DeliveryOutcome = {
    kind: 'attached',
    incidentIds: [incidentId],
    alerts: 0,
    reason: intake.event.kind,
  };
  const delivery = deliveryOf(deps, intake, outcome);
  const { tenant, event } = intake;
  const causeId = `pagerduty ${event.eventId}`;
  const acted = await act(deps, { tenant, incidentId, command, causeId, delivery });
  if (!acted.ok) return acted;
  const { refusal } = acted.value;
  if (refusal === null) return ok(outcome);
  if (!mayBeOurs(event, acted.value)) return retell(deps, intake, { outcome, refusal });
  // Our own change coming back is no news. A person's is, so that an older one comes too late.
  if (!(await isNews(deps, event))) return keep(deps, intake, refusal.message);
  const suppressed = { ...outcome, kind: 'suppressed', reason: refusal.message } as const;
  return retell(deps, intake, { outcome: suppressed, refusal });
}

/**
 * Whether an event that changed nothing can be our own change coming back: it is so here already,
 * or somebody has answered since we asked PagerDuty to call anew.
 */
function mayBeOurs({ kind }: PagerDutyEvent, { refusal, incident }: Acted): boolean {
  if (refusal?.kind === 'already') return true;
  if (kind !== 'unacknowledged') return false;
  return incident.state === 'triggered' || refusal?.kind === 'stale';
}

/** Puts into the log what happened over there and changed nothing here, and why. */
async function retell(
  deps: PagerEventDeps,
  intake: PagerEventIntake,
  { outcome, refusal }: { readonly outcome: DeliveryOutcome; readonly refusal: Refusal },
): Promise<PagerEventReceived> {
  const [incidentId = ''] = outcome.incidentIds;
  const told = await act(deps, {
    tenant: intake.tenant,
    incidentId,
    command: tell(intake, `not applied: ${refusal.message}`),
    causeId: `pagerduty ${intake.event.eventId}`,
    delivery: deliveryOf(deps, intake, outcome),
  });
  return told.ok ? ok(outcome) : told;
}

/** Remembers which of PagerDuty's incidents carries our page. Losing it costs only a link. */
async function link(
  deps: PagerEventDeps,
  { tenant, event }: PagerEventIntake,
  incidentId: string,
): Promise<void> {
  if (event.pdIncident === null) return;
  const command = linkCommand(event.pdIncident);
  const causeId = `pagerduty ${event.eventId}`;
  const linked = await act(deps, { tenant, incidentId, command, causeId });
  if (!linked.ok) deps.log.warn('The link to PagerDuty is not stored.', { incident: incidentId });
}
