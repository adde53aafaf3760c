import { actDue, actOnNews, type ActionRun } from '../../lib/app/actions/run-actions.ts';
import { decodeIncidentNews, isScheduled } from '../../lib/codec/incident-news.ts';
import type { BusDelivery } from '../../lib/codec/resolved-event.ts';
import { wireAct } from '../../lib/wire/act.ts';

const app = wireAct();

/**
 * Acts on what an event of the bus asks for, and once a minute on what is due. Harmless to repeat.
 * It throws when it could not, so that Lambda tries again.
 */
export async function handler(delivery: BusDelivery): Promise<ActionRun | null> {
  if (isScheduled(delivery)) {
    const run = await actDue(app);
    if (!run.ok) throw new Error(`What is due of actions cannot be read: ${run.error.message}`);
    return run.value;
  }
  const news = decodeIncidentNews(delivery);
  if (news === null)
    throw new Error('The event is none of those that docs/events.md has for acting.');
  const acted = await actOnNews(app, news);
  if (!acted.ok) throw new Error(`An incident could not be acted on: ${acted.error.message}`);
  return null;
}
