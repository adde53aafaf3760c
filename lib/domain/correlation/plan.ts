import type { SourceKind } from '../alert/alert.ts';
import type { AttachAlerts, OpenIncident, Resolve } from '../incident/command.ts';
import type { Incident } from '../incident/state.ts';
import type { Classified } from '../severity/classify.ts';
import type { TenantPolicy } from '../policy/policy.ts';
import { invariant } from '../shared/invariant.ts';
import type { Digest } from '../shared/json.ts';
import { between, type EpochMs } from '../shared/time.ts';
import { absorb, type Absorbed } from './episodes.ts';
import { attachCommand, openCommand } from './plan-commands.ts';
import type { AlertGroup } from './place.ts';
import type { Thread } from './thread.ts';

/** One problem's share of a delivery, and how things stand before it. */
export interface PlanInput {
  readonly thread: Thread;
  /** The thread's current incident, its clocks caught up; null when it has none. */
  readonly incident: Incident | null;
  readonly group: AlertGroup;
  readonly sourceKind: SourceKind;
  readonly sourceId: string;
  readonly deliveryId: string;
  readonly truncatedAlerts: number;
  /** Set for incidents about Tocsin itself, which no rule of the policy classifies. */
  readonly operator: Classified | null;
}

export interface PlanContext {
  readonly policy: TenantPolicy;
  readonly policyVersion: string;
  readonly nowMs: EpochMs;
  readonly digest: Digest;
}

/** What a delivery means for the problem it is about. */
export type DeliveryPlan =
  /** Everything in it was known: a duplicate. */
  | { readonly kind: 'duplicate' }
  /** Only resolves of alerts whose fire never came: kept in mind, no incident. */
  | { readonly kind: 'remember'; readonly thread: Thread }
  | { readonly kind: 'open'; readonly thread: Thread; readonly command: OpenIncident }
  | { readonly kind: 'attach'; readonly thread: Thread; readonly command: AttachAlerts }
  /** The incident is too old to take new alerts: close it, then plan again. */
  | { readonly kind: 'roll-over'; readonly command: Resolve };

/** Decides which incident the alerts of one problem belong to. Pure. */
export function planDelivery(input: PlanInput, context: PlanContext): DeliveryPlan {
  const { thread, incident } = input;
  const ordinal = thread.current?.ordinal ?? 1;
  const facts = input.group.alerts.map(({ alert }) => alert);
  const absorbed = absorb(thread.episodes, facts, ordinal);
  const firesAnew = absorbed.joined.some(({ status }) => status === 'firing');
  if (thread.current === null) {
    if (absorbed.joined.length > 0) return openCommand(input, absorbed, context);
    return absorbed.isChanged
      ? { kind: 'remember', thread: { ...thread, episodes: absorbed.episodes } }
      : { kind: 'duplicate' };
  }
  invariant(incident !== null, 'a thread with a current incident comes with that incident');
  if (!thread.current.isOpen) return planForClosed({ input, absorbed, incident }, context);
  if (firesAnew && isTooOld(incident, context)) {
    return { kind: 'roll-over', command: rollOver(context) };
  }
  if (!absorbed.isChanged) return { kind: 'duplicate' };
  return attachCommand(input, absorbed, { context, incident, reopen: null });
}

interface Situation {
  readonly input: PlanInput;
  readonly absorbed: Absorbed;
  readonly incident: Incident;
}

function planForClosed(situation: Situation, context: PlanContext): DeliveryPlan {
  const { input, absorbed, incident } = situation;
  const wake = reasonToWake(situation, context);
  if (wake === null) {
    if (!absorbed.isChanged) return { kind: 'duplicate' };
    return attachCommand(input, absorbed, { context, incident, reopen: null });
  }
  if (wake.mayReopen && !isTooOld(incident, context)) {
    return attachCommand(input, absorbed, { context, incident, reopen: wake.reason });
  }
  return openCommand(input, absorbed, context);
}

/** Why a closed problem is one again, and whether it is the same incident. */
function reasonToWake(
  { input, absorbed, incident }: Situation,
  { policy, nowMs }: PlanContext,
): { readonly reason: string; readonly mayReopen: boolean } | null {
  invariant(incident.state === 'resolved', 'the thread says that its incident is closed');
  const firesAnew = absorbed.joined.some(({ status }) => status === 'firing');
  if (firesAnew) {
    const sinceMs = between(incident.resolvedAtMs, nowMs);
    const mayReopen = incident.cause !== 'max_age' && sinceMs <= policy.lifecycle.reopenWindowMs;
    return { reason: 'an alert fired again within the reopen window', mayReopen };
  }
  if (incident.cause === 'max_age') return null;
  const { quietUntilMs } = incident;
  const stillFires = input.group.alerts.some(
    ({ alert }) => alert.status === 'firing' && isFiring(absorbed, alert.fingerprint),
  );
  return stillFires && quietUntilMs !== null && nowMs >= quietUntilMs
    ? { reason: 'resolved by hand, and it still fires at its source', mayReopen: true }
    : null;
}

const isFiring = (absorbed: Absorbed, fingerprint: string): boolean =>
  absorbed.episodes.some(
    (episode) => episode.fingerprint === fingerprint && episode.status === 'firing',
  );

const isTooOld = (incident: Incident, { policy, nowMs }: PlanContext): boolean =>
  between(incident.openedAtMs, nowMs) >= policy.lifecycle.maxAgeMs;

const rollOver = ({ nowMs }: PlanContext): Resolve => ({
  kind: 'resolve',
  cause: 'max_age',
  by: { kind: 'system', part: 'lifecycle' },
  note: 'the incident reached its maximum age; what still fires goes on in a new one',
  occurredAtMs: nowMs,
});
