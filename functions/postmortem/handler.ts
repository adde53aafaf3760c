import { exportPostmortem } from '../../lib/app/export-postmortem.ts';
import { decodeResolvedEvent, type BusDelivery } from '../../lib/codec/resolved-event.ts';
import { wirePostmortem } from '../../lib/wire/postmortem.ts';

const app = wirePostmortem();

/**
 * Writes the post-mortem of an incident that was resolved. Harmless to repeat. It throws when it
 * could not, so that Lambda tries again and in the end keeps the event as a dead letter.
 */
export async function handler(
  delivery: BusDelivery,
): Promise<{ readonly keys: readonly string[] }> {
  const event = decodeResolvedEvent(delivery);
  if (event === null)
    throw new Error('The event is no incident.resolved as docs/events.md has it.');
  const written = await exportPostmortem(app, event);
  if (!written.ok) throw new Error(`The post-mortem was not written: ${written.error.message}`);
  app.log.info('A post-mortem was written.', { incident: event.incidentId, keys: written.value });
  return { keys: written.value };
}
