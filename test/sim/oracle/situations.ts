import type { Commit } from '../../../lib/domain/incident/event.ts';
import type { Transaction } from '../../../lib/ports/store.ts';

/** What a write shows to have happened that is worth reaching. */
export function situationsIn({
  incident,
  thread,
}: Pick<Transaction, 'incident' | 'thread'>): readonly string[] {
  if (incident === undefined) return thread === undefined ? [] : ['resolve before its fire'];
  return [...situationsOfCommit(incident.commit)];
}

function* situationsOfCommit({ events, atMs }: Commit): Iterable<string> {
  const types = new Set(events.map(({ type }) => type));
  if (types.has('incident.acknowledged') && types.has('sla.breached')) {
    yield 'acknowledged as the deadline passes';
  }
  if (types.has('severity.changed') && types.has('sla.breached')) {
    yield 'raised to a deadline in the past';
  }
  for (const event of events) {
    switch (event.type) {
      case 'incident.resolved':
        yield `resolved by ${event.cause}`;
        break;
      case 'page.superseded':
        if (event.byIncidentId !== null) yield 'held page summarised';
        break;
      case 'page.requested':
        if (event.purpose === 'open' && event.notBeforeMs > atMs) {
          yield 'reopened while a resolve was on its way';
        }
        break;
      default:
        yield event.type;
    }
  }
}
