import { expect, it } from 'vitest';
import { epochMs } from '../../lib/domain/shared/time.ts';
import type { Bus, BusEvent } from '../../lib/ports/bus.ts';

export const busEvent = (seq: number, detail: BusEvent['detail'] = {}): BusEvent => ({
  id: `acme/INC-1/${seq}`,
  type: 'incident.opened',
  atMs: epochMs(Date.UTC(2026, 10, 21, 3, 46, seq % 60)),
  detail: { id: `acme/INC-1/${seq}`, seq, ...detail },
});

export const busEvents = (count: number, detail: BusEvent['detail'] = {}): readonly BusEvent[] =>
  Array.from({ length: count }, (_, seq) => busEvent(seq, detail));

/** What every bus does. `received` gives the details that came out at the other end, in order. */
export function busContract(
  make: () => Promise<{ readonly bus: Bus; readonly received: () => Promise<readonly unknown[]> }>,
): void {
  it('takes nothing', async () => {
    const { bus, received } = await make();
    expect(await bus.publish([])).toEqual({ ok: true, value: { failed: [] } });
    expect(await received()).toEqual([]);
  });

  it.each([1, 10, 11, 37])('publishes %d events whole and in order', async (count) => {
    const { bus, received } = await make();
    const events = busEvents(count, { text: 'Ü 🚨', nested: { list: [1, null] } });
    expect(await bus.publish(events)).toEqual({ ok: true, value: { failed: [] } });
    expect(await received()).toEqual(events.map(({ detail }) => detail));
  });

  it('publishes large events in several calls', async () => {
    const { bus, received } = await make();
    const events = busEvents(9, { text: 'ü'.repeat(40_000) });
    expect(await bus.publish(events)).toEqual({ ok: true, value: { failed: [] } });
    expect(await received()).toEqual(events.map(({ detail }) => detail));
  });
}
