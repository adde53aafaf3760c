import type { IncidentCommand, Refusal } from '../domain/incident/command.ts';
import {
  describePagerEvent,
  linkCommand,
  pagerCommand,
  pagerPrincipal,
} from '../domain/incident/pager-command.ts';
import type { PagerDutyEvent } from '../domain/incident/pagerduty-event.ts';
import { err, ok, type Result } from '../domain/shared/result.ts';
import { between, minutes } from '../domain/shared/time.ts';
import type { PagerDirectory } from '../ports/pager.ts';
import type { DeliveryOutcome, StoredDelivery } from '../ports/store.ts';
import { act, type ActFailure } from './act.ts';
import { tenantOf, type Deps, type IntakeDeps } from './deps.ts';
import { findPagedIncident } from './find-paged-incident.ts';
import { quarantine } from './operator-incident.ts';

export interface PagerEventDeps extends IntakeDeps {
  readonly directory: PagerDirectory;
}

export interface PagerEventIntake {
  /** Proven by the signature, never taken from the body. */
  readonly tenant: string;
  readonly event: PagerDutyEvent;
  readonly body: Uint8Array;
}

export type PagerEventReceived = Result<DeliveryOutcome, ActFailure>;

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
  const incidentId =
    pdIncident === null ? ok(null) : await findPagedIncident(deps, intake.tenant, pdIncident);
  if (!incidentId.ok) return incidentId;
  if (incidentId.value === null) return keep(deps, intake, 'it is about no incident of ours');
  return apply(deps, intake, incidentId.value);
}

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
    unreadableSeverity: 'P2',
  } as const;
  const taken = await quarantine(deps, { ...unreadable, tenant, source });
  return taken.ok ? ok(taken.value.outcome) : taken;
}

function keyOf({ hashing }: Deps, { tenant, event }: PagerEventIntake): StoredDelivery['key'] {
  return {
    tenant,
    sourceId: 'pagerduty',
    groupHash: hashing.digest(event.pdIncident?.id ?? '').slice(0, 32),
    setDigest: hashing.digest(event.eventId),
  };
}

function deliveryOf(
  deps: Deps,
  intake: PagerEventIntake,
  outcome: DeliveryOutcome,
): StoredDelivery {
  return {
    key: keyOf(deps, intake),
    deliveryId: intake.event.eventId.slice(0, 64),
    receivedAtMs: deps.clock.now(),
    bodyHash: deps.hashing.digestBytes(intake.body),
    body: intake.body,
    outcome,
    threadHashes: [],
  };
}

/** Keeps an event that changes no incident. A twin that came first is as good. */
async function keep(
  deps: Deps,
  intake: PagerEventIntake,
  reason: string,
): Promise<PagerEventReceived> {
  const outcome: DeliveryOutcome = { kind: 'suppressed', incidentIds: [], alerts: 0, reason };
  const delivery = deliveryOf(deps, intake, outcome);
  const written = await deps.store.commit({ token: `pager:${delivery.deliveryId}`, delivery });
  return written.ok || written.error.kind === 'conflict' ? ok(outcome) : written;
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

/** What the incident over there is after each event that changes its state. */
const statusOf = {
  acknowledged: 'acknowledged',
  unacknowledged: 'triggered',
  reopened: 'triggered',
  resolved: 'resolved',
} as const;

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
  if (refusal.kind !== 'already') return retell(deps, intake, { outcome, refusal });
  // Our own change coming back is no news. A person's is, so that an older one comes too late.
  const isNews = event.kind in statusOf && event.agent?.type === 'user_reference';
  if (!isNews) return keep(deps, intake, refusal.message);
  const suppressed = { ...outcome, kind: 'suppressed', reason: refusal.message } as const;
  return retell(deps, intake, { outcome: suppressed, refusal });
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
