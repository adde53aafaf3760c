import { describe, expect, it } from 'vitest';
import { after, hours, minutes, seconds } from '../../lib/domain/shared/time.ts';
import { createWorld } from './harness.ts';
import { checkoutDown, t0 } from './samples.ts';

const opened = 'trigger [P0] CheckoutDown (checkout): it is down';

describe('one problem that is told many times is one page', () => {
  it('answers a sender that comes again with a receipt', async () => {
    const world = createWorld();
    const incident = await world.open({ alerts: [checkoutDown] });
    const before = world.store.snapshot();

    for (const _ of [1, 2, 3]) {
      await world.fastForward(minutes(1));
      const again = await world.post({ alerts: [checkoutDown] });
      expect(again).toMatchObject({
        kind: 'taken',
        taken: { isRepeat: true, outcome: { kind: 'attached', incidentIds: [incident.id] } },
      });
    }

    expect(world.store.receipts()).toHaveLength(3);
    for (const kind of ['commits', 'incidents', 'threads', 'due', 'deliveries'] as const) {
      expect(world.store.snapshot()[kind], kind).toEqual(before[kind]);
    }
    world.expectPages(opened);
  });

  it('takes the two of an HA pair for one, whatever differs in their words', async () => {
    const world = createWorld();
    const alerts = [checkoutDown, { name: 'CartDown', startsAtMs: after(t0, seconds(1)) }];
    const incident = await world.open({ alerts, externalUrl: 'http://alertmanager-0:9093' });
    await world.fastForward(minutes(1));

    const twin = { alerts: alerts.toReversed(), externalUrl: 'http://alertmanager-1:9093' };
    const again = await world.post(twin);

    expect(again).toMatchObject({ taken: { isRepeat: true } });
    expect(world.onlyIncident().id).toBe(incident.id);
    expect(world.now(incident).totals).toEqual({ episodes: 2, firing: 2, alerts: 2 });
    world.expectPages(opened);
  });

  it('takes both of an HA pair that post at the same instant', async () => {
    const world = createWorld();

    const answers = await Promise.all(
      ['http://alertmanager-0:9093', 'http://alertmanager-1:9093'].map((externalUrl) =>
        world.post({ alerts: [checkoutDown], externalUrl }),
      ),
    );

    expect(answers).toMatchObject([{ kind: 'taken' }, { kind: 'taken' }]);
    expect(await world.events(world.onlyIncident(), 'alerts.attached')).toHaveLength(1);
    world.expectPages(opened);
  });

  it('stays quiet through three hours of reminders from both sides of a split', async () => {
    const world = createWorld();
    const incident = await world.open({ alerts: [{ severity: 'warning' }] });

    for (let hour = 0; hour < 3; hour += 1) {
      await world.fastForward(hours(1));
      for (const externalUrl of ['http://a:9093', 'http://b:9093']) {
        await world.post({ alerts: [{ severity: 'warning' }], externalUrl });
      }
    }

    expect(await world.events(incident, 'alerts.attached')).toHaveLength(1);
    world.expectPages('trigger [P2] CheckoutDown (checkout): it is down');
  });
});
