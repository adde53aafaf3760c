import type { PagerDutyEvent } from '../domain/incident/pagerduty-event.ts';
import { ok, type Result } from '../domain/shared/result.ts';
import type { PagerDirectory, PagerRest } from '../ports/pager.ts';
import type { DeliveryOutcome, StoredDelivery } from '../ports/store.ts';
import type { ActFailure } from './act.ts';
import type { Deps, IntakeDeps } from './deps.ts';

export interface PagerEventDeps extends IntakeDeps {
  readonly directory: PagerDirectory;
  /** Tells in whose name we write there; absent: nothing counts as our own echo by its author. */
  readonly pagerRest?: Pick<PagerRest, 'actingUser'>;
}

export interface PagerEventIntake {
  /** Proven by the signature, never taken from the body. */
  readonly tenant: string;
  readonly event: PagerDutyEvent;
  readonly body: Uint8Array;
}

export type PagerEventReceived = Result<DeliveryOutcome, ActFailure>;

/** Names an event among all deliveries: each is applied once by this. */
export function keyOf(
  { hashing }: Deps,
  { tenant, event }: PagerEventIntake,
): StoredDelivery['key'] {
  return {
    tenant,
    sourceId: 'pagerduty',
    groupHash: hashing.digest(event.pdIncident?.id ?? '').slice(0, 32),
    setDigest: hashing.digest(nameOf(event)),
  };
}

/** A note is known by its own id, so that one which was found by looking is not taken again. */
const nameOf = (event: PagerDutyEvent): string =>
  event.kind === 'annotated' && event.noteId !== '' ? `note ${event.noteId}` : event.eventId;

export function deliveryOf(
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

/** Keeps an event that changes no incident. */
export const keep = (
  deps: Deps,
  intake: PagerEventIntake,
  reason: string,
): Promise<PagerEventReceived> =>
  keepAs(deps, intake, { kind: 'suppressed', incidentIds: [], alerts: 0, reason });

/** A twin that came first is as good. */
export async function keepAs(
  deps: Deps,
  intake: PagerEventIntake,
  outcome: DeliveryOutcome,
): Promise<PagerEventReceived> {
  const delivery = deliveryOf(deps, intake, outcome);
  const written = await deps.store.commit({ token: `pager:${delivery.deliveryId}`, delivery });
  return written.ok || written.error.kind === 'conflict' ? ok(outcome) : written;
}
