import type { Incident } from '../../domain/incident/state.ts';
import { describeSpan } from '../../domain/shared/time.ts';
import { deadlineOf, elapsedAt, type SlaClock } from '../../domain/sla/clock.ts';
import { instant, newline, strong, words, type Piece } from './mrkdwn.ts';

/**
 * Where the clocks stand, the one that counts now first. In instants and not in time left: the
 * line stays true while nobody writes it anew, and each stage and breach writes it anew.
 */
export function clockPieces({ state, response, resolution }: Incident): readonly Piece[] {
  const [first, second] = state === 'triggered' ? [response, resolution] : [resolution, response];
  return [words('⏱ '), ...clockWords(first), newline, ...clockWords(second)];
}

const verbs: Readonly<Record<SlaClock['name'], readonly [due: string, done: string]>> = {
  response: ['Respond', 'Responded'],
  resolution: ['Resolve', 'Resolved'],
};

function clockWords(clock: SlaClock): readonly Piece[] {
  const [due, done] = verbs[clock.name];
  const target = describeSpan(clock.targetMs);
  const { end } = clock;
  if (end === null) {
    const how = clock.isBreached ? [strong(`${due}: overdue since`)] : [strong(`${due} by`)];
    return [...how, words(' '), instant(deadlineOf(clock)), words(` (target ${target})`)];
  }
  if (end.kind === 'stopped') return [words(`${due}: the clock was stopped`)];
  const isLate = clock.isBreached && !clock.isBreachWithdrawn;
  return [
    words(`${done} after ${describeSpan(elapsedAt(clock, end.atMs))} (target ${target})`),
    ...(isLate ? [words(', '), strong('late')] : []),
  ];
}
