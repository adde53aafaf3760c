import { latest, toIso, type EpochMs } from '../shared/time.ts';
import type { Gap, Reach, Route, RouteFacts, Turn } from './coverage.ts';

/** The span that is proved. */
export interface Span {
  readonly fromMs: EpochMs;
  readonly untilMs: EpochMs;
}

/**
 * Where a route ends before it reaches somebody. The first broken piece hides those behind it. An
 * orchestration without a service named in the policy cannot be followed, and shows no gap. Pure.
 */
export function findRouteGaps(facts: RouteFacts, span: Span): readonly Gap[] {
  const { route, key, service } = facts;
  const { routingKey: subject, expectedServiceIds } = route;
  const lasting = { subject, fromMs: null, untilMs: null };
  const who = describeRoute(route);
  if (key === 'missing') {
    const text = `${who}: the PagerDuty secret has no routing key ${quoted(subject)}. Add it there, or name another in the policy.`;
    return [{ kind: 'missing-key', text, ...lasting }];
  }
  if (service === null) {
    if (key === 'orchestrated') return [];
    const text = `${who}: no service of PagerDuty takes the routing key ${quoted(subject)}. Take the key of an Events API v2 integration that exists.`;
    return [{ kind: 'wrong-key', text, ...lasting }];
  }
  const isExpected = expectedServiceIds.length === 0 || expectedServiceIds.includes(service.id);
  if (!isExpected) {
    const expected = expectedServiceIds.join(', ');
    const text = `${who}: the routing key ${quoted(subject)} leads to ${service.name} (${service.id}), and the policy says ${expected}. Correct one of them.`;
    return [{ kind: 'wrong-key', text, ...lasting }];
  }
  if (!service.isEnabled) {
    const text = `${who}: the service ${service.name} is disabled in PagerDuty. Enable it, or page by another.`;
    return [{ kind: 'disabled-service', text, ...lasting }];
  }
  return findEmptyShifts(facts, span);
}

/** The first level must be with somebody at every instant; further ones where they have anybody. */
function findEmptyShifts({ route, turns }: RouteFacts, span: Span): readonly Gap[] {
  const levels = [...new Set([1, ...turns.map(({ level }) => level)])].sort((a, b) => a - b);
  return levels.flatMap((level) => {
    const own = turns.filter((turn) => turn.level === level);
    return uncovered(own, span).map(({ fromMs, untilMs }): Gap => {
      const schedule = own.find((turn) => turn.schedule !== null)?.schedule;
      const where = schedule === undefined ? `level ${level}` : `level ${level} (${schedule})`;
      const text = `${describeRoute(route)}: nobody is on call on ${where} from ${toIso(fromMs)} to ${toIso(untilMs)}. Put somebody there.`;
      return {
        kind: 'empty-shift',
        subject: `${route.routingKey} ${level}`,
        text,
        fromMs,
        untilMs,
      };
    });
  });
}

/** The parts of a span in which no turn is, in order. */
export function uncovered(turns: readonly Turn[], { fromMs, untilMs }: Span): readonly Span[] {
  const byStart = turns.toSorted((a, b) => (a.fromMs ?? fromMs) - (b.fromMs ?? fromMs));
  const gaps: Span[] = [];
  let coveredMs = fromMs;
  for (const turn of byStart) {
    const startMs = turn.fromMs ?? fromMs;
    if (startMs >= untilMs) break;
    if (startMs > coveredMs) gaps.push({ fromMs: coveredMs, untilMs: startMs });
    coveredMs = latest(coveredMs, turn.untilMs ?? untilMs);
  }
  if (coveredMs < untilMs) gaps.push({ fromMs: coveredMs, untilMs });
  return gaps;
}

/** What wakes somebody who sleeps; an e-mail does not. */
const waking: ReadonlySet<string> = new Set(['phone', 'sms', 'push_notification']);

/** What keeps one person who is on call from being reached, or from being known here. Pure. */
export function findPersonGaps(
  turn: Pick<Turn, 'userId' | 'userName'>,
  reach: Reach,
): readonly Gap[] {
  const { userId: subject, userName } = turn;
  const lasting = { subject, fromMs: null, untilMs: null };
  const gaps: Gap[] = [];
  if (!reach.reachedBy.some((kind) => waking.has(kind))) {
    const has = reach.reachedBy.length === 0 ? 'nothing' : reach.reachedBy.join(', ');
    const text = `${userName} is on call and no phone, SMS or push rule of high urgency reaches them (there is ${has}). They add one in their PagerDuty profile.`;
    gaps.push({ kind: 'missing-contact', text, ...lasting });
  }
  if (!reach.isKnown) {
    const text = `${userName} is on call and the policy does not know them: they cannot act from Slack. Add a person with pagerdutyUserId ${subject}.`;
    gaps.push({ kind: 'unmapped-person', text, ...lasting });
  }
  return gaps;
}

export const deadChannel = (channel: string, why: string): Gap => ({
  kind: 'dead-channel',
  subject: channel,
  text: `The Slack channel ${channel} ${why}. Name one in the policy that Tocsin can write to.`,
  fromMs: null,
  untilMs: null,
});

/** The route as people know it. */
export function describeRoute({ services, isDefault }: Route): string {
  const named = services.length === 0 ? [] : [`service ${services.join(', ')}`];
  return [...named, ...(isDefault ? ['everything without a service of its own'] : [])].join(
    ' and ',
  );
}

const quoted = (text: string): string => JSON.stringify(text);
