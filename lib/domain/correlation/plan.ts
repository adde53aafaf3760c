import type { Resolve } from '../incident/command.ts';
import type { Incident } from '../incident/state.ts';
import { invariant } from '../shared/invariant.ts';
import { between } from '../shared/time.ts';
import type { DeliveryPlan, PlanContext, PlanInput } from './delivery-plan.ts';
import { joinedAlerts } from './attachment.ts';
import { absorb, prune, type Absorbed } from './episodes.ts';
import { attachCommand, openCommand } from './plan-commands.ts';
import { nameOthers } from './title.ts';

/** Decides which incident the alerts of one problem belong to. Pure. */
export function planDelivery(input: PlanInput, context: PlanContext): DeliveryPlan {
  const { thread, incident } = input;
  const ordinal = thread.current?.ordinal ?? 1;
  const facts = input.group.alerts.map(({ alert }) => alert);
  const absorbed = absorb(thread.episodes, facts, ordinal);
  if (thread.current === null) return planForFirst(input, absorbed, context);
  invariant(incident !== null, 'a thread with a current incident comes with that incident');
  if (!thread.current.isOpen) return planForClosed({ input, absorbed, incident }, context);
  if (firesAnew(absorbed) && isTooOld(incident, context)) {
    return { kind: 'roll-over', command: rollOver(context) };
  }
  return follow({ input, absorbed, incident }, context);
}

/** A thread without an incident: a fire opens one, resolves alone are only kept in mind. */
function planForFirst(input: PlanInput, absorbed: Absorbed, context: PlanContext): DeliveryPlan {
  if (absorbed.joined.length > 0) return openCommand(input, absorbed, context);
  return remember(input, absorbed, context);
}

/** Keeps in mind what belongs to no incident, if it is new. */
function remember(
  { thread }: PlanInput,
  { episodes, isChanged }: Absorbed,
  { nowMs }: PlanContext,
): DeliveryPlan {
  return isChanged
    ? { kind: 'remember', thread: { ...thread, episodes: prune(episodes, nowMs) } }
    : { kind: 'duplicate' };
}

const firesAnew = ({ joined }: Absorbed): boolean =>
  joined.some(({ status }) => status === 'firing');

interface Situation {
  readonly input: PlanInput;
  readonly absorbed: Absorbed;
  readonly incident: Incident;
}

/** Tells the incident what is new about its alerts; also that the list of them is whole again. */
function follow({ input, absorbed, incident }: Situation, context: PlanContext): DeliveryPlan {
  const isSetChanged = absorbed.joined.length > 0 || absorbed.ended.length > 0;
  const isWholeAgain = incident.isIncomplete && input.truncatedAlerts === 0;
  return isSetChanged || isWholeAgain
    ? attachCommand(input, absorbed, { context, incident, reopen: null })
    : remember(input, absorbed, context);
}

function planForClosed(situation: Situation, context: PlanContext): DeliveryPlan {
  const { input, absorbed, incident } = situation;
  const wake = reasonToWake(situation, context);
  if (wake === null) return follow(situation, context);
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
  const { title } = incident;
  if (firesAnew(absorbed)) {
    const sinceMs = between(incident.resolvedAtMs, nowMs);
    const mayReopen = incident.cause !== 'max_age' && sinceMs <= policy.lifecycle.reopenWindowMs;
    const what = nameOthers(joinedAlerts(input, absorbed), title);
    const fired = what === null ? 'an alert fired again' : `${what} fired`;
    return { reason: `${fired} within the reopen window`, mayReopen };
  }
  const { quietUntilMs } = incident;
  const stillFiring = input.group.alerts.filter(
    ({ alert }) => alert.status === 'firing' && isFiring(absorbed, alert.fingerprint),
  );
  if (stillFiring.length === 0 || quietUntilMs === null || nowMs < quietUntilMs) return null;
  const what = nameOthers(stillFiring, title);
  return {
    reason: `resolved by hand, and ${what ?? 'it'} still fires at its source`,
    // Whoever closed it for its age may have died before opening the next one.
    mayReopen: incident.cause !== 'max_age',
  };
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
